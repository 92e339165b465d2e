import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadConfig, printableConfig, SETTING_LIST, SETTING_NAMES } from '../../services/shared/config.ts';
import { NO_POPULAR } from '../../services/shared/popular-networks.ts';
import { ConfigError } from '../../services/shared/setting.ts';

function problem(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message;
    throw thrown;
  }
  throw new Error('the configuration was taken');
}

/** Which settings a refused environment is told to be at fault. */
const namesAtFault = (env: Record<string, string>) =>
  SETTING_NAMES.filter((name) => new RegExp(`(configuration|;):? ${name}: `).test(problem(env)));

describe('without any setting', () => {
  test('everything is embedded under ./data and the guard is on', () => {
    expect(loadConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      dataDirectory: './data',
      log: { kind: 'lmdb', directory: 'data/log', maxBytes: 1024 * 1024 * 1024 },
      store: { kind: 'chdb', directory: 'data/store' },
      jobs: { kind: 'memory' },
      keyPublishedAt: '/v1/signing-key of the publisher',
      adminKey: undefined,
      threshold: 10,
      snapshotSeconds: 3600,
      mergePercent: 4,
      provisional: 'guarded',
      flushMs: 5,
      ingestProcesses: 1,
      metricsPort: 9464,
      metricsHost: '127.0.0.1',
      trustedProxies: { hops: 0, networks: undefined },
      signingKeyFile: undefined,
      webhookLab: false,
      publicUrl: undefined,
      publicPage: false,
      oidcIssuer: undefined,
      oidcClientId: undefined,
      oidcClientSecret: undefined,
      oidcClaim: 'roles',
      oidcScopes: 'rollcall-reader=reader,rollcall-curator=curator,rollcall-releaser=releaser,rollcall-admin=admin',
      oidcAsk: 'openid profile',
      failAt: undefined,
      reportsPerMinute: 600,
      readsPerMinute: 30_000,
      connectionsPerAddress: 1_000,
      newTokens: 250,
      mostDevices: 1_000,
      popularNetworks: NO_POPULAR,
      monthKeys: {
        directory: expect.stringMatching(/^\/.*\/rollcall-[0-9]+\/month-keys$/),
        prefix: expect.stringMatching(/^[0-9a-f]{16}-$/),
        secret: undefined,
      },
    });
  });

  test('an empty value is no value', () => {
    const empty = Object.fromEntries(SETTING_NAMES.map((name) => [name, '']));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
    expect(loadConfig({ PORT: undefined, ROLLCALL_ADMIN_KEY: undefined })).toEqual(loadConfig({}));
  });

  test('what belongs to other programs is left alone', () => {
    expect(loadConfig({ PATH: '/bin', HOME: '/root', ROLL: 'x', rollcall_x: 'y', NOT_ROLLCALL_X: 'z' })).toEqual(
      loadConfig({}),
    );
  });
});

describe('the example in .env.example', () => {
  const example = parseEnv(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'));

  test('names every setting and no other', () => {
    expect(Object.keys(example).sort()).toEqual([...SETTING_NAMES].sort());
  });

  test('is taken as it stands there and sets what holds without it', () => {
    expect(loadConfig(example as Record<string, string>)).toEqual(loadConfig({}));
  });
});

describe('a setting', () => {
  test('that is given is taken', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      ROLLCALL_DATA_DIR: '/srv/rollcall',
      ROLLCALL_LOG_URL: 'kafka://one:9092,two:9092',
      ROLLCALL_JOBS_URL: 'redis://localhost',
      ROLLCALL_ADMIN_KEY: 'k'.repeat(16),
      ROLLCALL_THRESHOLD: '5',
      ROLLCALL_SNAPSHOT_SECONDS: '1',
      ROLLCALL_PROVISIONAL: 'exact',
      ROLLCALL_FLUSH_MS: '0',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '0.0.0.0',
      dataDirectory: '/srv/rollcall',
      log: {
        ...{ kind: 'kafka', brokers: ['one:9092', 'two:9092'], partitions: 6, replication: 1, compression: 'none' },
        ...{ tls: undefined, sasl: undefined },
      },
      store: { kind: 'chdb', directory: '/srv/rollcall/store' },
      jobs: { kind: 'redis', url: 'redis://localhost' },
      adminKey: 'k'.repeat(16),
      threshold: 5,
      snapshotSeconds: 1,
      provisional: 'exact',
      flushMs: 0,
    });
    expect(loadConfig({ ROLLCALL_LOG_URL: 'lmdb:/srv/log', ROLLCALL_LOG_MAX_MB: '3' }).log).toEqual({
      ...{ kind: 'lmdb', directory: '/srv/log', maxBytes: 3 * 1024 * 1024 },
    });
    expect(loadConfig({ ROLLCALL_STORE_URL: 'https://a:8443/b' }).store).toEqual({
      ...{ kind: 'http', url: 'https://a:8443/b' },
    });
    expect(loadConfig({ ROLLCALL_TRUSTED_PROXIES: '2' }).trustedProxies.hops).toBe(2);
    expect(loadConfig({ ROLLCALL_TRUSTED_PROXIES: '10.0.0.0/8' }).trustedProxies.networks?.check('10.1.2.3')).toBe(
      true,
    );
  });

  test.each([
    'ROLLCALL_THRESHHOLD',
    'ROLLCALL_',
    'ROLLCALL_PORT',
    'ROLLCALL_threshold',
    'ROLLCALL_DEBUG',
    'ROLLCALL_CLOCK',
    'ROLLCALL_toString',
  ])('that does not exist is refused by name: %s', (name) => {
    expect(problem({ [name]: '1' })).toContain(`${name} is not a setting`);
  });

  const ranges: [string, string[], string[]][] = [
    ['PORT', ['0', '1', '65535'], ['65536', '-1', '80.5', 'http', '1e3', ' 80', '99999999999', '٨٠']],
    ['ROLLCALL_THRESHOLD', ['5', '10', '1000000'], ['4', '0', '-10', '1000001', 'ten', '5.5', 'Infinity', 'NaN']],
    ['ROLLCALL_SNAPSHOT_SECONDS', ['1', '86400'], ['0', '86401', '1s']],
    ['ROLLCALL_MERGE_PERCENT', ['4', '50'], ['3', '51', '4.5', '4%']],
    ['ROLLCALL_FLUSH_MS', ['0', '10000'], ['10001', '-1', '5ms']],
    ['ROLLCALL_LOG_MAX_MB', ['1', '1000000'], ['0', '1000001', '1GB']],
    ['ROLLCALL_METRICS_PORT', ['0', '65535'], ['65536', 'x']],
    ['ROLLCALL_PROVISIONAL', ['guarded', 'exact'], ['Exact', 'off', 'true', '0']],
    [
      'ROLLCALL_LOG_URL',
      ['lmdb:./log', 'kafka://a:9092,b:9092'],
      [
        ...['lmdb:', 'kafka:a', 'redis://a', './log', 'KAFKA://a', 'kafka:// ,', 'kafka://a:b', 'kafka://a:65536'],
        ...['kafka://a:0', 'kafka://::1:9092', 'kafka://[a]:9092', 'kafka://a b:9092', 'kafka://user:secret@a:9092'],
      ],
    ],
    [
      'ROLLCALL_STORE_URL',
      ['chdb:./store', 'http://a:8123', 'https://a'],
      ['chdb:', 'clickhouse://a', 'ftp://a', 'http:a', 'http://a:port', 'http://a b'],
    ],
    ['ROLLCALL_JOBS_URL', ['memory:', 'redis://a', 'rediss://a:6380'], ['redis:', 'redis://', 'amqp://a', 'memory']],
    ['ROLLCALL_KAFKA_PARTITIONS', ['1', '1000'], ['0', '1001', 'many']],
    ['ROLLCALL_KAFKA_REPLICATION', ['1', '7'], ['0', '8', '-1']],
    ['ROLLCALL_INGEST_PROCESSES', ['1', '64'], ['0', '65', 'all']],
    ['ROLLCALL_KAFKA_COMPRESSION', ['none', 'gzip'], ['lz4', 'GZIP', 'off']],
    ['ROLLCALL_KAFKA_TLS', ['on', 'off'], ['true', 'ON', '1']],
    ['ROLLCALL_KAFKA_SASL', ['off'], ['on', 'PLAIN', 'gssapi', 'scram-sha-1']],
    ['ROLLCALL_TRUSTED_PROXIES', ['0', '9', '10.0.0.0/8,::1'], ['10', 'a', '10.0.0.0/33', '::/129', '10.0.0/8', '1,']],
    ['ROLLCALL_ADMIN_KEY', ['k', 'k'.repeat(256)], ['k k', 'k\u00e9', 'k'.repeat(257)]],
  ];
  test.each(ranges)('%s is taken in its range and refused by name outside', (name, good, bad) => {
    for (const value of good) expect(() => loadConfig({ [name]: value }), value).not.toThrow();
    for (const value of bad) expect(namesAtFault({ [name]: value }), value).toEqual([name]);
  });

  test('for signing in to Kafka needs a name and a password', () => {
    const mechanism = { ROLLCALL_KAFKA_SASL: 'scram-sha-512' };
    const [username, password] = [{ ROLLCALL_KAFKA_USERNAME: 'u' }, { ROLLCALL_KAFKA_PASSWORD: 'p' }];
    for (const given of [mechanism, { ...mechanism, ...username }, { ...mechanism, ...password }])
      expect(problem(given)).toContain('ROLLCALL_KAFKA_SASL');
    const brokers = { ROLLCALL_LOG_URL: 'kafka://one:9092' };
    expect(loadConfig({ ...brokers, ...mechanism, ...username, ...password }).log).toMatchObject({
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
  });

  test('of the month keys: where a runtime keeps what is in memory, apart for each installation, and in no data directory', () => {
    const at = (env: Record<string, string>) => loadConfig(env).monthKeys;
    expect(at({ RUNTIME_DIRECTORY: '/run/rollcall' }).directory).toBe('/run/rollcall/month-keys');
    expect(at({ RUNTIME_DIRECTORY: '/run/a:/run/b' }).directory).toBe('/run/a/month-keys');
    expect(at({ XDG_RUNTIME_DIR: '/run/user/7' }).directory).toBe('/run/user/7/rollcall/month-keys');
    expect(at({ ROLLCALL_DATA_DIR: '/srv/a' }).prefix).not.toBe(at({ ROLLCALL_DATA_DIR: '/srv/b' }).prefix);
    expect(at({ ROLLCALL_MONTH_KEY_DIR: '/run/keys' })).toMatchObject({ directory: '/run/keys', prefix: '' });
    for (const inside of ['/srv/a', '/srv/a/keys', '/srv/b/../a/x'])
      expect(problem({ ROLLCALL_DATA_DIR: '/srv/a', ROLLCALL_MONTH_KEY_DIR: inside })).toContain(
        'ROLLCALL_MONTH_KEY_DIR: not below ROLLCALL_DATA_DIR',
      );
    expect(at({ ROLLCALL_MONTH_SECRET: 's'.repeat(32) }).secret).toBe('s'.repeat(32));
    expect(namesAtFault({ ROLLCALL_MONTH_SECRET: 's'.repeat(31) })).toEqual(['ROLLCALL_MONTH_SECRET']);
  });

  test.each(['203.0.113.0/24', '203.0.113.0/33=5', 'all=5', '203.0.113.0/24=many', '203.0.113.0/24=5,', '::/129=5'])(
    'of popular networks that is none is refused: %s',
    (given) => expect(namesAtFault({ ROLLCALL_POPULAR_NETWORKS: given })).toEqual(['ROLLCALL_POPULAR_NETWORKS']),
  );

  test.each([
    ['kafka://one:9092,two:9093,', ['one:9092', 'two:9093']],
    ['kafka:// one:9092 , two:9093', ['one:9092', 'two:9093']],
    [' kafka://one:9092 ', ['one:9092']],
    ['kafka://[::1]:9092,[fd00::7]', ['[::1]:9092', '[fd00::7]:9092']],
    ['kafka://one,127.0.0.1:19092', ['one:9092', '127.0.0.1:19092']],
  ])('for the log lists brokers as people write them: "%s"', (url, brokers) => {
    expect(loadConfig({ ROLLCALL_LOG_URL: url }).log).toMatchObject({ brokers });
  });

  test.each([
    ['ROLLCALL_STORE_URL', 'http://rollcall:c4n4#ry@store:8123/db'],
    // By itself that is a server `rollcall` and its port 12.
    ['ROLLCALL_STORE_URL', 'http://rollcall:12#c4n4ry@store:8123/db'],
    ['ROLLCALL_STORE_URL', 'http://rollcall:12/c4n4ry@store:8123/db'],
    ['ROLLCALL_STORE_URL', 'http://rollcall:12?c4n4ry@store:8123/db'],
    ['ROLLCALL_STORE_URL', 'http://rollcall:c4n4ry%@store:8123/db'],
    ['ROLLCALL_JOBS_URL', 'redis://:c4n4#ry@queue:6379'],
    ['ROLLCALL_JOBS_URL', 'redis://:12/c4n4ry@queue:6379'],
  ])('whose password holds what ends a URL is refused by its name, with what to write instead: %s=%s', (name, url) => {
    expect(namesAtFault({ [name]: url })).toEqual([name]);
    const said = problem({ [name]: url });
    expect(said).toContain('# as %23');
    expect(said).not.toContain('c4n4');
  });

  test('whose password is written so is taken', () => {
    for (const password of ['a%23b%2Fc%3Fd%40e%25', 'p@ss'])
      expect(() =>
        loadConfig({ ROLLCALL_STORE_URL: `http://u:${password}@store:8123/db?request_timeout=5` }),
      ).not.toThrow();
  });

  test('at fault does not hide another one at fault', () => {
    const message = problem({ PORT: 'x', ROLLCALL_THRESHOLD: '1', ROLLCALL_TYPO: 'y' });
    for (const name of ['PORT', 'ROLLCALL_THRESHOLD', 'ROLLCALL_TYPO']) expect(message).toContain(name);
  });

  test('stands once, with a line for whoever sets it, and a secret is never printed', () => {
    expect(new Set(SETTING_NAMES).size).toBe(SETTING_NAMES.length);
    for (const { name, about } of SETTING_LIST) expect(about, name).toMatch(/^[^\n]{10,130}[.:…]$|memory:$/);
    const secrets = SETTING_LIST.filter(({ secret }) => secret === 'whole').map(({ name }) => name);
    expect(secrets.sort()).toEqual([
      ...['ROLLCALL_ADMIN_KEY', 'ROLLCALL_KAFKA_PASSWORD', 'ROLLCALL_MONTH_SECRET', 'ROLLCALL_OIDC_CLIENT_SECRET'],
    ]);
  });

  test('is listed for the documentation', () => {
    const ofTheIssue = [
      ...['PORT', 'HOST', 'ROLLCALL_DATA_DIR', 'ROLLCALL_LOG_URL', 'ROLLCALL_STORE_URL', 'ROLLCALL_JOBS_URL'],
      ...['ROLLCALL_ADMIN_KEY', 'ROLLCALL_THRESHOLD', 'ROLLCALL_SNAPSHOT_SECONDS', 'ROLLCALL_PROVISIONAL'],
      ...['ROLLCALL_FLUSH_MS', 'ROLLCALL_LOG_MAX_MB'],
    ];
    for (const name of ofTheIssue) expect(SETTING_NAMES).toContain(name);
  });
});

describe('a secret', () => {
  const SECRET = 'c4n4ry-S3cret';
  const print = (env: Record<string, string>) => JSON.stringify(printableConfig(env));

  test('is not printed: the admin key', () => {
    expect(print({ ROLLCALL_ADMIN_KEY: `${SECRET}-${SECRET}` })).not.toContain(SECRET);
    expect(printableConfig({ ROLLCALL_ADMIN_KEY: `${SECRET}-${SECRET}` }).adminKey).toBe('set');
    expect(printableConfig({}).adminKey).toBe('not set');
  });

  test.each([
    ['ROLLCALL_STORE_URL', `http://rollcall:${SECRET}@store:8123/db`],
    ['ROLLCALL_STORE_URL', `https://${SECRET}@store`],
    ['ROLLCALL_STORE_URL', `http://store:8123/?user=x&password=${SECRET}`],
    ['ROLLCALL_STORE_URL', `http://store:8123/?PASSWORD=${SECRET}&database=x`],
    ['ROLLCALL_JOBS_URL', `redis://:${SECRET}@queue:6379/0`],
    ['ROLLCALL_JOBS_URL', `rediss://user:${SECRET}@queue`],
    // The last @ ends the password, for a URL and for those who read it.
    ['ROLLCALL_STORE_URL', `http://rollcall:p@${SECRET}@store:8123`],
    ['ROLLCALL_JOBS_URL', `redis://:p@${SECRET}@queue:6379`],
  ])('is not printed: a password in %s (%s)', (name, url) => {
    expect(print({ [name]: url })).not.toContain(SECRET);
  });

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('is not printed: the password for Kafka (%s)', (mechanism) => {
    const env = { ROLLCALL_KAFKA_SASL: mechanism, ROLLCALL_KAFKA_USERNAME: 'u', ROLLCALL_KAFKA_PASSWORD: SECRET };
    expect(print(env)).not.toContain(SECRET);
    expect(print(env)).toContain(mechanism);
    const { ROLLCALL_KAFKA_USERNAME: _, ...withoutName } = env;
    expect(problem(withoutName)).not.toContain(SECRET);
  });

  test('does not take the rest of the address with it', () => {
    expect(printableConfig({ ROLLCALL_STORE_URL: `http://u:${SECRET}@store:8123/db` }).storeUrl).toBe(
      'http://***@store:8123/db',
    );
    expect(printableConfig({}).storeUrl).toBe('chdb:data/store');
    expect(printableConfig({ ROLLCALL_LOG_URL: 'kafka://one:9092,two:9092' }).logUrl).toBe('kafka://one:9092,two:9092');
  });

  test('is never in a refusal, whatever setting it was written into', () => {
    for (const name of SETTING_NAMES) {
      const message = (() => {
        try {
          loadConfig({ [name]: `:${SECRET}`, ROLLCALL_TYPO: SECRET, ROLLCALL_THRESHOLD: '1' });
          return '';
        } catch (thrown) {
          return `${(thrown as Error).message}${(thrown as Error).stack}${JSON.stringify(thrown)}${(thrown as Error).cause}`;
        }
      })();
      expect(message, name).not.toContain(SECRET);
      expect(message, name).not.toBe('');
    }
    expect(problem({ ROLLCALL_ADMIN_KEY: 'with a blank cnry' })).not.toContain('cnry');
    expect(problem({ ROLLCALL_ADMIN_KEY: 'canary'.repeat(50) })).not.toContain('canary');
  });
});
