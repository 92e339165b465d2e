<?php
if (!defined('FREEPBX_IS_AUTH')) { die('No direct script access allowed'); }
$agent = \FreePBX::Rollcallagent();
$_SESSION['rollcallagent'] = $_SESSION['rollcallagent'] ?? bin2hex(random_bytes(16));
$said = '';
$pressed = isset($_POST['to'], $_POST['csrf']) && hash_equals($_SESSION['rollcallagent'], (string) $_POST['csrf']) ? $_POST['to'] : '';
if ($pressed === 'on') { $said = $agent->enable($_POST['policy'] ?? ''); }
if ($pressed === 'off') { $said = $agent->agent('disable'); }
$status = $agent->agent('status');
$on = $agent->isOn($status);
// Only a press asks the service, be it for its policy: to open the page speaks to nobody.
$asked = $pressed === 'policy' || ($pressed === 'on' && !$on);
$policy = $agent->agent($asked ? 'policy' : 'policy --offline');
$new = $on && preg_match('/^policy \d+ /m', $status);
?>
<div class="container-fluid">
	<h1><?php echo _('Rollcall agent'); ?></h1>
	<form method="post">
		<input type="hidden" name="csrf" value="<?php echo htmlspecialchars($_SESSION['rollcallagent']); ?>">
		<input type="hidden" name="policy" value="<?php echo htmlspecialchars($agent->textOf($policy)); ?>">
		<button class="btn btn-default" name="to" value="<?php echo $on ? 'off' : 'on'; ?>" role="switch" aria-checked="<?php echo $on ? 'true' : 'false'; ?>"><?php echo $on ? _('Switch off and take back this month') : _('Agree to the policy below and switch on'); ?></button>
		<button class="btn btn-default" name="to" value="policy"><?php echo _("Ask the service for its policy"); ?></button>
		<?php if ($new && $asked) { ?><button class="btn btn-default" name="to" value="on"><?php echo _('Agree to the policy below'); ?></button><?php } ?>
	</form>
	<pre role="status"><?php echo htmlspecialchars($said . $status); ?></pre>
	<h2><?php echo _('What would be sent now'); ?></h2>
	<pre><?php echo htmlspecialchars($agent->agent('preview')); ?></pre>
	<h2><?php echo $asked ? _('What the service collects') : _('What is collected: the policy that this agent was made with'); ?></h2>
	<pre><?php echo htmlspecialchars($policy); ?></pre>
</div>
