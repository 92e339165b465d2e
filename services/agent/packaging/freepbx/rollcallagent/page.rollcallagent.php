<?php
if (!defined('FREEPBX_IS_AUTH')) { die('No direct script access allowed'); }
$agent = \FreePBX::Rollcallagent();
$_SESSION['rollcallagent'] = $_SESSION['rollcallagent'] ?? bin2hex(random_bytes(16));
$said = '';
if (isset($_POST['to'], $_POST['csrf']) && hash_equals($_SESSION['rollcallagent'], (string) $_POST['csrf'])) {
	$said = $_POST['to'] === 'on' ? $agent->enable($_POST['policy'] ?? '') : $agent->agent('disable');
}
$status = $agent->agent('status');
$policy = $agent->agent('policy');
$on = $agent->isOn($status);
$version = preg_match('/^Policy version (\d{1,2})$/m', $policy, $found) ? $found[1] : '';
?>
<div class="container-fluid">
	<h1><?php echo _('Rollcall agent'); ?></h1>
	<form method="post">
		<input type="hidden" name="csrf" value="<?php echo htmlspecialchars($_SESSION['rollcallagent']); ?>">
		<input type="hidden" name="policy" value="<?php echo htmlspecialchars($version); ?>">
		<button class="btn btn-default" name="to" value="<?php echo $on ? 'off' : 'on'; ?>" role="switch" aria-checked="<?php echo $on ? 'true' : 'false'; ?>"><?php echo $on ? _('Switch off and take back this month') : _('Agree to the policy below and switch on'); ?></button>
	</form>
	<pre role="status"><?php echo htmlspecialchars($said . $status); ?></pre>
	<h2><?php echo _('What would be sent now'); ?></h2>
	<pre><?php echo htmlspecialchars($agent->agent('preview')); ?></pre>
	<h2><?php echo _('What is collected'); ?></h2>
	<pre><?php echo htmlspecialchars($policy); ?></pre>
</div>
