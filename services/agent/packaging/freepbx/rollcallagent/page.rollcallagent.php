<?php
if (!defined('FREEPBX_IS_AUTH')) { die('No direct script access allowed'); }
$agent = \FreePBX::Rollcallagent();
$_SESSION['rollcallagent'] = $_SESSION['rollcallagent'] ?? bin2hex(random_bytes(16));
$said = '';
if (isset($_POST['to'], $_POST['csrf']) && hash_equals($_SESSION['rollcallagent'], (string) $_POST['csrf'])) {
	$said = $agent->agent($_POST['to'] === 'on' ? 'enable' : 'disable');
}
$status = $agent->agent('status');
$on = strpos($status, 'on:') === 0;
?>
<div class="container-fluid">
	<h1><?php echo _('Rollcall agent'); ?></h1>
	<form method="post">
		<input type="hidden" name="csrf" value="<?php echo htmlspecialchars($_SESSION['rollcallagent']); ?>">
		<button class="btn btn-default" name="to" value="<?php echo $on ? 'off' : 'on'; ?>" role="switch" aria-checked="<?php echo $on ? 'true' : 'false'; ?>"><?php echo $on ? _('Switch off and take back this month') : _('Agree to the policy and switch on'); ?></button>
	</form>
	<pre><?php echo htmlspecialchars($said . $status); ?></pre>
	<h2><?php echo _('What would be sent now'); ?></h2>
	<pre><?php echo htmlspecialchars($agent->agent('preview')); ?></pre>
</div>
