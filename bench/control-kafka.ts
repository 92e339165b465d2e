import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';

// The control of ingest over Kafka: reads bodies, parses them, sends those of one flush window as one record with
// acks=all and answers them when it is there. Nothing is checked, identified, broken apart or mixed.
const TOPIC = 'control';
/** Or as many as the second argument says: 1 is a record for each request. */
const FULL = Number(process.argv[3] ?? 64);
const FLUSH_MS = 5;
const answer = JSON.stringify({ accepted: 14, unlisted: 0, refused: [] });

const kafka = new Kafka({
  clientId: 'control',
  brokers: (process.argv[2] ?? '').split(','),
  logLevel: logLevel.NOTHING,
});
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 6 }], waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer({ allowAutoTopicCreation: false });
await producer.connect();

interface Waiting {
  readonly body: Buffer;
  readonly done: () => void;
}
let waiting: Waiting[] = [];
let timer: NodeJS.Timeout | undefined;

async function flush(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const block = waiting;
  waiting = [];
  const value = Buffer.concat(block.map(({ body }) => body));
  await producer.send({ topic: TOPIC, acks: -1, messages: [{ key: null, value }] });
  for (const { done } of block) done();
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    JSON.parse(body.toString('utf8'));
    const done = () => {
      response.writeHead(202, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    };
    if (waiting.push({ body, done }) >= FULL) void flush();
    else timer ??= setTimeout(() => void flush(), FLUSH_MS);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
