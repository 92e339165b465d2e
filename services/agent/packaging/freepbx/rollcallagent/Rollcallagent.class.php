<?php
namespace FreePBX\modules;

/** Glue: every word and every decision is the agent's own. */
class Rollcallagent implements \BMO {
	const COMMANDS = ['status', 'preview', 'enable', 'disable'];

	public function install() {}
	public function uninstall() {}
	public function backup() {}
	public function restore($backup) {}
	public function doConfigPageInit($page) {}

	/** What one command of the agent says. The web server's user may run these four by sudo, and nothing else: see docs/agent.md. */
	public function agent($command) {
		if (!in_array($command, self::COMMANDS, true)) {
			return '';
		}
		$yes = $command === 'enable' ? ' --yes' : '';
		return (string) shell_exec('sudo -n /usr/bin/rollcall-agent ' . $command . $yes . ' 2>&1');
	}

	/** One line of the dashboard's system status. */
	public function dashboardService() {
		$on = strpos($this->agent('status'), 'on:') === 0;
		$service = ['title' => _('Rollcall agent'), 'order' => 90, 'tooltip' => $on ? _('Reports anonymously') : _('Off')];
		return [array_merge($service, \FreePBX::Dashboard()->genStatusIcon($on ? 'ok' : 'info', $service['tooltip']))];
	}
}
