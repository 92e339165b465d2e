import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Report } from '../../schemas/report.ts';
import { type Disk, MachineFiles, wholeDisk } from '../../services/agent/files.ts';
import { type InventoryOptions, takeInventory } from '../../services/agent/inventory.ts';
import { buildReport, reportText } from '../../services/agent/report.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { Failure } from '../../services/shared/failure.ts';
import { plant } from '../fixtures/agent/plant.ts';
import { tinyIdentifier } from '../fixtures/agent/tiny-identifier.ts';

const clock = new SetClock(Date.UTC(2026, 10, 10));
const grown: string[] = [];
afterAll(() => grown.forEach((root) => void rmSync(root, { recursive: true, force: true })));

function tree(name: string): string {
  const root = plant(name);
  grown.push(root);
  return root;
}

function scratchFile(content: string | Uint8Array): string {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-agent-file-'));
  grown.push(directory);
  writeFileSync(join(directory, 'registrations'), content);
  return join(directory, 'registrations');
}

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/agent/${name}`, import.meta.url));

function take(root: string, options: Partial<InventoryOptions> = {}) {
  const inventory = takeInventory({ root, identifier: tinyIdentifier, clock, ...options });
  const lines = inventory.lines.map(({ category, vendor, model, count }) => `${count} ${category} ${vendor}/${model}`);
  return { ...inventory, lines };
}

describe('the inventory of', () => {
  test('a Supermicro server: its board, both CPUs, cards once each, no bridge and no screen', () => {
    expect(take(tree('supermicro'))).toEqual({
      platform: { name: 'FreePBX', version: '16' },
      lines: [
        '1 board Supermicro/X9DRi-LN4+',
        '2 cpu Intel/Xeon E5-2620',
        '1 memory /16 GB',
        '2 nic Intel/I210',
        '1 nic Intel/I350',
        '1 pci Digium/TDM410',
        '1 pci Digium/TE420',
        '1 pci Swyx/SX2 QuadBri',
      ],
      refused: [],
      problems: [],
      endpointsUnknown: false,
      container: undefined,
      resolutions: expect.any(Array),
    });
  });

  test('a Dell server: the product in place of the board code, the Sangoma card by its subsystem', () => {
    const { platform, lines, refused } = take(tree('dell'));
    expect(platform).toEqual({ name: 'Asterisk', version: '18' });
    expect(lines).toEqual([
      '1 board Dell/PowerEdge T330',
      '1 cpu Intel/Xeon E3-1220 v5',
      '1 memory /8 GB',
      '1 nic Broadcom/BCM5720',
      '1 pci Sangoma/A200',
    ]);
    // A network card that neither the catalogue nor pci.ids knows.
    expect(refused).toEqual([{ source: 'pci', reason: 'bad-name', count: 1 }]);
  });

  test('a VMware guest: the hypervisor, and not the board it makes believe', () => {
    expect(take(tree('vmware'))).toMatchObject({
      platform: { name: '3CX', version: '' },
      lines: ['2 cpu Intel/Xeon Gold 6130', '1 memory /4 GB', '2 nic VMware/VMXNET3', '1 virtual VMware/VMware'],
      problems: [],
    });
  });

  test('a Raspberry Pi without DMI: its device tree and core name, never the serial in /proc/cpuinfo', () => {
    const pi = take(tree('raspberry'));
    expect(pi).toMatchObject({
      platform: { name: 'FusionPBX', version: '5' },
      lines: ['1 board Raspberry Pi/Raspberry Pi 4 Model B', '1 cpu ARM/Cortex-A72', '1 memory /4 GB'],
      problems: [],
    });
  });

  test('a guest whose names say nothing: a hypervisor unknown, no board', () => {
    const root = tree('vmware');
    rmSync(join(root, 'sys/class/dmi'), { recursive: true });
    expect(take(root).lines).toContain('1 virtual /Unknown hypervisor');
  });

  test('a guest that wears the names of a real server is a guest all the same', () => {
    const root = tree('dell');
    writeFileSync(join(root, 'proc/cpuinfo'), 'model name : Intel(R) Xeon(R) CPU E3-1220 v5\nflags : fpu hypervisor\n');
    expect(take(root).lines.filter((line) => /virtual|board/.test(line))).toEqual(['1 virtual /Unknown hypervisor']);
  });

  test('a Xen guest without DMI, but not of domain 0', () => {
    const root = tree('raspberry');
    mkdirSync(join(root, 'sys/hypervisor'));
    mkdirSync(join(root, 'proc/xen'));
    writeFileSync(join(root, 'sys/hypervisor/type'), 'xen\n');
    expect(take(root).lines).toContain('1 virtual Xen/PV domU');
    writeFileSync(join(root, 'proc/xen/capabilities'), 'control_d\n');
    expect(take(root).lines).toContain('1 board Raspberry Pi/Raspberry Pi 4 Model B');
  });

  test('a host that runs containers is none: it is what they see of it that they see', () => {
    const root = tree('supermicro');
    mkdirSync(join(root, 'proc/self'), { recursive: true });
    const mounts = [
      '27 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw',
      '40 27 0:41 / /var/lib/lxcfs rw,nosuid - fuse.lxcfs lxcfs rw',
      '41 27 0:42 / /var/lib/docker/overlay2/0a/merged rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/X',
      '42 27 0:43 / /var/lib/docker/containers/0a/mounts/shm rw - tmpfs shm rw',
      '43 27 0:44 / /var/lib/containers/storage/overlay/0b/merged rw - overlay overlay rw',
      '44 27 0:45 / /run/containerd/io.containerd.runtime.v2.task/k8s.io/0c/rootfs rw - overlay overlay rw',
      '45 27 0:46 / /var/lib/kubelet/pods/0d/volumes/x rw - tmpfs tmpfs rw',
      '46 27 0:47 / /var/lib/lxd/shmounts rw - tmpfs tmpfs rw',
    ];
    writeFileSync(join(root, 'proc/self/mountinfo'), `${mounts.join('\n')}\n`);
    expect(take(root).container).toBeUndefined();
  });

  test.each<[string, string, string, string]>([
    ['Docker', '.dockerenv', '', 'Docker'],
    ['Podman', 'run/.containerenv', '', 'Podman'],
    ['an LXC container with systemd', 'run/systemd/container', 'lxc\n', 'LXC'],
    ['an LXC container of Proxmox', 'dev/.lxc-boot-id', '', 'LXC'],
    [
      'one that its first process tells of',
      'proc/1/environ',
      'PATH=/bin\u0000container=lxc-libvirt\u0000SECRET=x\u0000',
      'LXC',
    ],
    [
      'one that only its mounts tell of',
      'proc/self/mountinfo',
      '1 2 0:3 / /proc/meminfo rw - fuse.lxcfs lxcfs rw\n',
      'LXC',
    ],
    ['a pod', 'proc/1/cgroup', '0::/kubepods.slice/x\n', 'Container'],
    [
      'one whose files of /etc are from its manager',
      'proc/self/mountinfo',
      '1 2 254:0 /var/lib/docker/containers/0a/hostname /etc/hostname rw - ext4 /dev/vda rw\n',
      'Docker',
    ],
  ])("%s: not its host's board, cards and second processor", (_, mark, content, kind) => {
    const root = tree('supermicro');
    mkdirSync(dirname(join(root, mark)), { recursive: true });
    writeFileSync(join(root, mark), content);
    const { lines, container } = take(root);
    expect(container?.kind).toBe(kind);
    expect(lines.filter((line) => !line.includes(' memory '))).toEqual([
      '1 cpu Intel/Xeon E5-2620',
      `1 virtual /${kind}`,
    ]);
    // lxcfs shows the container's own memory; elsewhere it is the host's.
    expect(lines.some((line) => line.includes(' memory '))).toBe(content.includes('lxcfs'));
    expect(JSON.stringify(lines)).not.toContain('SECRET');
  });

  test('a container with a limit: that is its memory', () => {
    const root = tree('supermicro');
    writeFileSync(join(root, '.dockerenv'), '');
    mkdirSync(join(root, 'sys/fs/cgroup'), { recursive: true });
    writeFileSync(join(root, 'sys/fs/cgroup/memory.max'), `${2 * 2 ** 30}\n`);
    expect(take(root).lines).toContain('1 memory /2 GB');
    writeFileSync(join(root, 'sys/fs/cgroup/memory.max'), 'max\n');
    expect(take(root).lines.join()).not.toContain('memory');
  });

  test('a virtual machine that was made from an image still has the mark of one, and is none', () => {
    const root = tree('supermicro');
    writeFileSync(join(root, '.dockerenv'), '');
    mkdirSync(join(root, 'proc/self'), { recursive: true });
    writeFileSync(join(root, 'proc/self/mountinfo'), '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n');
    expect(take(root).container).toBeUndefined();
    writeFileSync(join(root, 'proc/self/mountinfo'), '27 1 0:40 / / rw,relatime - overlay overlay rw\n');
    expect(take(root).container?.kind).toBe('Docker');
  });

  test('a machine without pci.ids: its common cards by their ids all the same', () => {
    const root = tree('supermicro');
    rmSync(join(root, 'usr/share/misc/pci.ids'));
    expect(take(root).lines).toEqual(
      expect.arrayContaining(['2 nic Intel/I210', '1 nic Intel/I350', '1 pci Digium/TE420']),
    );
  });

  test('an empty root: nothing, and why', () => {
    const root = mkdtempSync(join(tmpdir(), 'rollcall-agent-empty-'));
    grown.push(root);
    expect(take(root)).toEqual({
      platform: { name: 'other', version: '' },
      lines: [],
      refused: [],
      problems: ['board', 'cpu', 'memory'].map((collector) => ({ collector, code: 'missing' })),
      endpointsUnknown: false,
      container: undefined,
      resolutions: [],
    });
  });

  test('this machine, whatever it is: no collector fails, and the report is valid', () => {
    const inventory = takeInventory({ root: '/', identifier: tinyIdentifier, clock });
    expect(inventory.problems.filter(({ code }) => code !== 'missing')).toEqual([]);
    expect(inventory.lines.some(({ category }) => category === 'memory')).toBe(true);
    expect(Report.safeParse(buildReport(inventory, { clock })).success).toBe(true);
  });
});

/** One file, one thing it touches. */
const TOUCHING = [
  'assemble.ts', // asks whether the state's folder can be written to, and the user database where a home is
  'bundle-entry.ts', // the process itself
  'config.ts', // reads the owner's configuration
  'files.ts', // reads the machine, through its allow-list
  'main.ts', // the terminal
  'net/exchange.ts', // speaks to the service, and to nobody else
  'sources/ami-client.ts', // speaks to a manager interface, through its allow-list
  'sources/command.ts', // runs programs, through its allow-list
  'sources/kamailio-ways.ts', // asks a Kamailio, two methods
  'state/lock.ts', // the state's lock
  'state/machine.ts', // what tells a copy from its original, as salted hashes
  'state/state-file.ts',
  'state/unwritable.ts', // the one file that is written
  'ui/ui-server.ts', // the owner's page on this machine
];

describe('what is never opened', () => {
  const ALLOWED =
    /^\/(proc\/(cpuinfo|meminfo|xen\/capabilities)|sys\/class\/dmi\/id\/(sys|board)_(vendor|name)|sys\/class\/dmi\/id\/product_name|sys\/firmware\/devicetree\/base\/model|sys\/hypervisor\/type|run\/systemd\/container|proc\/1\/(cgroup|environ)|proc\/self\/mountinfo|sys\/fs\/cgroup\/memory(\.max|\/memory\.limit_in_bytes)|sys\/bus\/usb\/devices\/[^/]+\/id(Vendor|Product)|sys\/bus\/pci\/devices\/[^/]+\/(vendor|device|subsystem_vendor|subsystem_device|class)|usr\/share\/(misc|hwdata)\/pci\.ids|etc\/schmooze\/pbx-version|usr\/include\/asterisk\/version\.h|var\/www\/.+\.(xml|php))$/;

  test.each(['supermicro', 'dell', 'vmware', 'raspberry', '/'])(
    '%s: every path that is read is a harmless one',
    (name) => {
      const root = name === '/' ? '/' : tree(name);
      const opened: string[] = [];
      const recording: Disk = {
        ...wholeDisk,
        read(path, maxBytes) {
          opened.push(`/${path.slice(root.length).replace(/^\//, '')}`);
          return wholeDisk.read(path, maxBytes);
        },
      };
      const inventory = takeInventory({ root, identifier: tinyIdentifier, clock, disk: recording });
      expect(opened.length).toBeGreaterThan(4);
      expect(opened.filter((path) => !ALLOWED.test(path))).toEqual([]);
      expect(opened.filter((path) => /serial|uuid|asset|address|vpd|machine-id|hostname|\.conf/.test(path))).toEqual(
        [],
      );
      expect(JSON.stringify(inventory)).not.toContain('SECRET');
    },
  );

  test.each([
    '/sys/class/dmi/id/product_serial',
    '/sys/class/dmi/id/product_uuid',
    '/sys/class/dmi/id/chassis_asset_tag',
    '/sys/class/net/eno1/address',
    '/sys/bus/pci/devices/0000:03:08.0/vpd',
    '/sys/bus/pci/devices/../../../class/dmi/id/product_serial',
    '/proc/cpuinfo/../../sys/class/dmi/id/board_serial',
    '/etc/freepbx.conf',
    '/etc/machine-id',
  ])('the reader itself refuses %s', (path) => {
    expect(() => new MachineFiles(tree('supermicro')).text(path)).toThrow(new Failure('not-allowed'));
  });

  test('a link from an allowed name of /sys to a serial number is not followed', () => {
    const root = tree('supermicro');
    const dmi = join(root, 'sys/class/dmi/id');
    rmSync(join(dmi, 'board_name'));
    symlinkSync(join(dmi, 'board_serial'), join(dmi, 'board_name'));
    const { lines, problems } = take(root);
    expect(JSON.stringify(lines)).not.toContain('SECRET');
    expect(problems).toEqual([{ collector: 'board', code: 'unreadable' }]);
  });

  test('only the files that are named here touch a disk, run a command or speak to a network', () => {
    const agent = fileURLToPath(new URL('../../services/agent', import.meta.url));
    const users = readdirSync(agent, { recursive: true, encoding: 'utf8' })
      // What packs it runs on a developer's machine.
      .filter((file) => file.endsWith('.ts') && !file.startsWith('packaging/'))
      .filter((file) =>
        /node:(?:fs|child_process|os|net|tls|https?|dgram)|process\./.test(readFileSync(join(agent, file), 'utf8')),
      );
    expect(users.sort()).toEqual(TOUCHING);
  });
});

describe('a part that cannot be read', () => {
  test('costs that part only, whoever throws whatever', () => {
    const { lines, problems } = take(tree('supermicro'), {
      collectors: {
        cpu: () => {
          throw new Error('SECRET in a message');
        },
        memory: () => {
          throw 'SECRET';
        },
      },
    });
    expect(lines).toHaveLength(6);
    expect(problems).toEqual([
      { collector: 'cpu', code: 'failed' },
      { collector: 'memory', code: 'failed' },
    ]);
  });

  test('one card without its files costs that card', () => {
    const root = tree('supermicro');
    rmSync(join(root, 'sys/bus/pci/devices/0000:04:00.0/device'));
    const { lines, problems } = take(root);
    expect(lines.filter((line) => line.includes(' pci '))).toEqual(['1 pci Digium/TDM410', '1 pci Swyx/SX2 QuadBri']);
    expect(problems).toEqual([{ collector: 'pci', code: 'missing' }]);
  });

  test('files full of rubbish are problems, not failures', () => {
    const root = tree('supermicro');
    for (const file of ['proc/cpuinfo', 'proc/meminfo', 'usr/share/misc/pci.ids', 'sys/class/dmi/id/sys_vendor'])
      writeFileSync(join(root, file), Buffer.from([0, 255, 254, 10, 13, 58, 9, 92, 34]));
    expect(take(root).problems).toEqual([
      { collector: 'cpu', code: 'no-model' },
      { collector: 'memory', code: 'malformed' },
    ]);
  });

  test('an identifier that fails on one thing costs that thing', () => {
    const raw: typeof tinyIdentifier.raw = (kind, text) => {
      if (kind === 'cpu') throw new Error(text);
      return tinyIdentifier.raw(kind, text);
    };
    const { lines, problems } = take(tree('dell'), { identifier: { ...tinyIdentifier, raw } });
    expect(lines).toHaveLength(4);
    expect(problems).toEqual([{ collector: 'cpu', code: 'failed' }]);
  });
});

describe('endpoints', () => {
  const phones = (registrations: string) => {
    const { lines, refused, problems } = take(tree('raspberry'), { registrations });
    return { lines: lines.filter((line) => /phone|dect/.test(line)), refused, problems };
  };

  test('from a plain list: each line is a device, a scanner is none', () => {
    expect(phones(fixture('plain.txt'))).toEqual({
      lines: ['1 phone Snom/D785', '2 phone Yealink/SIP-T33G'],
      refused: [{ source: 'endpoints', reason: 'not-a-device', count: 1 }],
      problems: [],
    });
  });

  test('from the Asterisk database: once per address of record and model, expired ones left out', () => {
    expect(phones(fixture('astdb.txt'))).toEqual({
      lines: ['1 dect Gigaset/N510 IP PRO', '1 phone Snom/D785', '2 phone Yealink/SIP-T33G'],
      refused: [],
      problems: [],
    });
  });

  test('from sofia: once per user and model, expired ones left out', () => {
    expect(phones(fixture('sofia.txt'))).toEqual({
      lines: ['1 phone Snom/D785', '1 phone Yealink/SIP-T33G'],
      refused: [],
      problems: [],
    });
  });

  test('from a hostile list: only what the identifier says, and nothing of the lines', () => {
    const text = [
      'A'.repeat(1_000_000),
      `Yealink SIP-T46S ${'x'.repeat(5_000)}`,
      ...Array.from({ length: 8 }, () => 'Yealink SIP-T46S 66.86.0.15'),
      'Yealink SIP-T46S 66.86.0.15 80:5e:c0:00:SE:CRET',
      '\u0000\u001b[2J\u0007\u202eSECRET-control',
      'SECRET-phone 805ec0aabbcc',
      'SECRET 80:5e:c0:aa:bb:cc',
      '{"__proto__":{"polluted":true}}',
      '__proto__',
      'constructor',
    ].join('\n');
    const { lines, refused, problems } = take(tree('raspberry'), {
      registrations: scratchFile(Buffer.concat([Buffer.from(text), Buffer.from([10, 0xff, 0xfe, 0xc0])])),
    });
    expect(lines.filter((line) => line.includes('phone'))).toEqual(['9 phone Yealink/SIP-T46S']);
    expect(refused).toEqual([]);
    expect(problems).toEqual([{ collector: 'endpoints', code: 'malformed-lines' }]);
    expect(JSON.stringify([lines, refused, problems])).not.toContain('SECRET');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('of more models than a report has room for: the known and the many stay', () => {
    const odd = Array.from({ length: 600 }, (_, n) => `Odd ${n}`);
    const table = ['user_agent', ...odd, 'Odd 599', 'snomD785/10'].join('\n');
    const inventory = takeInventory({
      root: tree('raspberry'),
      identifier: tinyIdentifier,
      clock,
      registrations: scratchFile(table),
    });
    expect(inventory.lines).toHaveLength(512);
    const models = inventory.lines.map(({ model }) => model);
    expect(models).toEqual(expect.arrayContaining(['D785', 'Odd 599', 'Cortex-A72']));
    expect(inventory.problems).toEqual([{ collector: 'inventory', code: 'too-many-lines' }]);
    expect(reportText(buildReport(inventory, { clock })).length).toBeLessThan(256 * 1024);
  });

  test('of a file that is not there: a problem, and the rest of the machine', () => {
    const { lines, problems } = take(tree('raspberry'), { registrations: '/nowhere/SECRET' });
    expect(lines).toHaveLength(3);
    expect(problems).toEqual([{ collector: 'endpoints', code: 'missing' }]);
  });

  test('of a fleet larger than a line can say: the most it can say', () => {
    const { lines } = take(tree('raspberry'), { registrations: scratchFile('snomD785/10\n'.repeat(10_050)) });
    expect(lines).toContain('10000 phone Snom/D785');
  });
});

describe('a report', () => {
  const inventory = { platform: { name: 'FreePBX', version: '17' }, lines: [] };

  test('carries the period of now, sequence 1 and a token of 256 random bits', () => {
    const report = buildReport(inventory, { clock, random: (bytes) => new Uint8Array(bytes).fill(0xfb) });
    expect(report).toEqual({
      schema: 'rollcall.report/1',
      period: '2026-11',
      token: Buffer.alloc(32, 0xfb).toString('base64url'),
      sequence: 1,
      platform: { name: 'FreePBX', version: '17' },
      devices: [],
    });
    expect(report.token).toHaveLength(43);
  });

  test('takes a new token each time', () => {
    expect(buildReport(inventory, { clock }).token).not.toBe(buildReport(inventory, { clock }).token);
  });

  test('that would not be valid is not made', () => {
    const lines = [{ category: 'phone' as const, vendor: 'SECRET\u0000', model: 'x', count: 1 }];
    expect(() => buildReport({ ...inventory, lines }, { clock })).toThrow(new Failure('report-invalid', { issues: 1 }));
  });
});
