<?php
/**
 * Stands for the parts of FreePBX that meet a module, after the published framework and dashboard modules: classes are found by a
 * module's name, hooks by its module.xml and by the class and the method that ask for them, pages are included for who signed in.
 * Served by `php -S`; MODULES is the folder of modules.
 */
namespace {
	interface BMO {
		public function install();
		public function uninstall();
		public function backup();
		public function restore($backup);
	}

	class FreePBX {
		private static $one;
		private $modules = [];

		public static function create() {
			return self::$one = self::$one ?? new self();
		}
		public static function __callStatic($name, $arguments) {
			return self::create()->$name;
		}
		public function __get($name) {
			if (!isset($this->modules[$name])) {
				$known = ['Hooks' => \Hooks::class, 'Dashboard' => \Dashboard::class];
				$class = $known[$name] ?? 'FreePBX\\modules\\' . $name;
				if (!isset($known[$name])) {
					require_once getenv('MODULES') . '/' . strtolower($name) . '/' . $name . '.class.php';
				}
				$this->modules[$name] = new $class($this);
			}
			return $this->modules[$name];
		}
	}

	class Hooks {
		/** What modules have registered for whoever calls this. */
		public function processHooks($data = null) {
			$caller = debug_backtrace()[1];
			$answers = [];
			foreach (glob(getenv('MODULES') . '/*/module.xml') as $file) {
				$xml = simplexml_load_file($file);
				foreach ($xml->hooks->children() as $target) {
					if ($target['namespace'] . '\\' . $target['class'] !== $caller['class']) { continue; }
					foreach ($target->method as $method) {
						if ((string) $method['callingMethod'] !== $caller['function']) { continue; }
						$module = ucfirst(strtolower((string) $xml->rawname));
						$name = (string) $method;
						$answers[$module] = \FreePBX::create()->$module->$name($data);
						if (!class_exists($method['namespace'] . '\\' . $method['class'], false)) { throw new Exception('no such class'); }
					}
				}
			}
			return $answers;
		}
	}

	class Dashboard {
		public function genStatusIcon($type, $tooltip = null) {
			$icons = ['ok' => 'glyphicon-ok text-success', 'info' => 'glyphicon-info-sign text-info'];
			return ['type' => $type, 'tooltip' => htmlentities($tooltip), 'glyph-class' => $icons[$type]];
		}
	}
}

namespace FreePBX\modules\Dashboard\Sections {
	class Overview {
		public function getSummary() {
			$lines = [['title' => 'Asterisk', 'type' => 'ok', 'tooltip' => '', 'glyph-class' => '']];
			foreach (\FreePBX::Hooks()->processHooks([]) as $more) {
				foreach ($more as $line) { array_splice($lines, $line['order'] ?? count($lines), 0, [$line]); }
			}
			return $lines;
		}
	}
}

namespace {
	$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
	session_start();
	if ($path === '/dashboard') {
		header('content-type: application/json');
		echo json_encode((new \FreePBX\modules\Dashboard\Sections\Overview())->getSummary());
	} elseif ($path === '/config.php') {
		define('FREEPBX_IS_AUTH', true);
		include getenv('MODULES') . '/' . basename($_GET['display']) . '/page.' . basename($_GET['display']) . '.php';
	} else {
		include getenv('MODULES') . '/rollcallagent/page.rollcallagent.php';
	}
}
