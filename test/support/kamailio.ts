import { createSocket } from 'node:dgram';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { PATIENCE_MS } from './patience.ts';
import { canRun, ServerGroup } from './server-process.ts';

export interface KamailioServer {
  readonly fifo: string;
  readonly replyDir: string;
  readonly http: string;
  readonly datagram: string;
  /** Registers an endpoint as a phone does, and resolves once it is accepted. */
  register(endpoint: {
    readonly aor: string;
    readonly userAgent: string;
    readonly contact?: string;
    readonly expires?: number;
  }): Promise<void>;
  stop(): Promise<void>;
}

/** Null when a Kamailio can be started here, otherwise why not and the command that mends it. */
export function kamailioAvailable(): string | null {
  return canRun('kamailio', '-v') && modules() ? null : 'no kamailio: RUNLEVEL=1 apt-get install -y kamailio';
}

function modules(): string | undefined {
  const libraries = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))];
  return libraries
    .map((folder) => join(folder, 'kamailio', 'modules'))
    .find((folder) => existsSync(join(folder, 'usrloc.so')));
}

/** A registrar of its own: one process family, memory only, JSON-RPC by FIFO, HTTP and datagrams. */
export async function startKamailio(): Promise<KamailioServer> {
  const group = new ServerGroup('kamailio');
  const [sip, http] = [await freePort(), await freePort()];
  const config = join(group.dir, 'kamailio.cfg');
  const fifo = join(group.dir, 'rpc.fifo');
  writeFileSync(config, configuration(sip, http, fifo, group.dir));
  const server = await group.start(
    'kamailio',
    ['-f', config, '-DD', '-E', '-e', '-m', '32', '-M', '4', '-Y', group.dir],
    /ready for requests/,
    PATIENCE_MS,
  );
  return {
    fifo,
    replyDir: group.dir,
    http: `http://127.0.0.1:${http}/RPC`,
    datagram: join(group.dir, 'rpc.sock'),
    register: (endpoint) => register(sip, endpoint),
    async stop() {
      // Its main process ends its children; killed at once it would leave them behind.
      process.kill(server.pid, 'SIGTERM');
      await server.exited;
      await group.stop();
    },
  };
}

function configuration(sip: number, http: number, fifo: string, replies: string): string {
  return `#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:127.0.0.1:${sip}
listen=tcp:127.0.0.1:${http}
tcp_accept_no_cl=yes
mpath="${modules()}/"
loadmodule "kex.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
loadmodule "xhttp.so"
loadmodule "jsonrpcs.so"
loadmodule "xlog.so"
modparam("usrloc", "db_mode", 0)
modparam("registrar", "received_avp", "$avp(RECEIVED)")
modparam("nathelper", "received_avp", "$avp(RECEIVED)")
modparam("jsonrpcs", "fifo_name", "${fifo}")
modparam("jsonrpcs", "transport", 7)
modparam("jsonrpcs", "fifo_reply_dir", "${replies}/")
modparam("jsonrpcs", "dgram_socket", "${replies}/rpc.sock")
request_route {
  if (is_method("REGISTER")) { fix_nated_register(); save("location"); exit; }
  sl_send_reply("404", "Not here");
}
event_route[xhttp:request] { jsonrpc_dispatch(); }
event_route[core:worker-one-init] { xlog("L_ALERT", "ready for requests\\n"); }
`;
}

async function register(
  port: number,
  { aor, userAgent, contact = `sip:${aor}@192.0.2.7:5060`, expires = 3600 }: Parameters<KamailioServer['register']>[0],
): Promise<void> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      // As a phone does: again until it is answered (RFC 3261, 17.1.2.2).
      let send = () => {};
      const again = setInterval(() => send(), 500);
      const timer = setTimeout(() => reject(new Error('no answer to REGISTER')), PATIENCE_MS);
      socket.once('message', (answer) => {
        clearTimeout(timer);
        clearInterval(again);
        if (/^SIP\/2\.0 200 /.test(answer.toString('latin1'))) resolve();
        else reject(new Error(`REGISTER: ${answer.toString('latin1').split('\r\n', 1)[0]}`));
      });
      socket.bind(0, '127.0.0.1', () => {
        const id = `${aor}-${socket.address().port}`;
        const head = [
          `REGISTER sip:127.0.0.1:${port} SIP/2.0`,
          `Via: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=z9hG4bK${id}`,
          'Max-Forwards: 70',
          `From: <sip:${aor}@127.0.0.1>;tag=${id}`,
          `To: <sip:${aor}@127.0.0.1>`,
          `Call-ID: SECRET-call-${id}`,
          'CSeq: 1 REGISTER',
          `Contact: <${contact}>`,
          `Expires: ${expires}`,
          `User-Agent: ${userAgent}`,
          'Content-Length: 0',
        ];
        const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
        send = () => socket.send(request, port, '127.0.0.1');
        send();
      });
    });
  } finally {
    socket.close();
  }
}
