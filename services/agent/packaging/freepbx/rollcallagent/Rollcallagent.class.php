<?php
namespace FreePBX\modules;

/** Glue: every word and every decision is the agent's own. The web server's user may run these by sudo: see docs/agent.md. */
class Rollcallagent implements \BMO {
	const COMMANDS = ['status', 'policy', 'policy --offline', 'preview', 'disable'];
	const TEXT = '/^This text: --policy (\d{1,5}:[0-9a-f]{64})$/m';

	public function __construct($freepbx = null) {}
	public function install() {}
	public function uninstall() {}
	public function backup() {}
	public function restore($backup) {}
	public function doConfigPageInit($page) {}

	/** What one of these commands says; nothing else is ever run. */
	public function agent($command) {
		return in_array($command, self::COMMANDS, true) ? $this->run($command) : '';
	}

	/** Agrees to the text of the policy that was shown, and to no other. It goes on standard input: sudo's rule is one fixed line. */
	public function enable($text) {
		return preg_match('/^\d{1,5}:[0-9a-f]{64}$/D', (string) $text) ? $this->run('enable --policy -', 'echo ' . $text . ' | ') : '';
	}

	public function isOn($status) {
		return preg_match('/^on: /m', $status) === 1;
	}

	/** How a policy that was printed is agreed to. */
	public function textOf($policy) {
		return preg_match(self::TEXT, $policy, $found) ? $found[1] : '';
	}

	/** One line of the dashboard's system overview. */
	public function dashboardService() {
		$on = $this->isOn($this->agent('status'));
		$icon = \FreePBX::Dashboard()->genStatusIcon($on ? 'ok' : 'info', $on ? _('Reports anonymously') : _('Off'));
		return [array_merge($icon, ['title' => _('Rollcall agent'), 'order' => 90])];
	}

	private function run($words, $before = '') {
		return (string) shell_exec($before . 'sudo -n /usr/bin/rollcall-agent ' . $words . ' 2>&1');
	}
}
