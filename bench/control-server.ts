import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The control: reads the body, parses it, answers. Nothing is checked, kept or promised.
const answer = JSON.stringify({ accepted: 14, unlisted: 0, refused: [] });
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
