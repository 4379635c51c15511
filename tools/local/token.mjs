// Makes machine tokens for the HTTP API; run by itself it prints one for the running local stack: `node tools/local/token.mjs`.
// Plain JavaScript, so that any Node >= 20 runs it inside a pasted curl command.
import { createHmac } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The longest life that the API accepts. */
const lifetimeS = 60;

export function machineToken({ org, machine_key: key, machine_secret: secret }) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: `urn:meshes:m2m:${key}`, aud: 'meshes-api', org, iat, exp: iat + lifetimeS };
  const parts = [{ alg: 'HS256', typ: 'JWT', kid: key }, claims];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(self)) {
  const file = process.argv[2] ?? fileURLToPath(new URL('../../.sluice/local.json', import.meta.url));
  try {
    process.stdout.write(`${machineToken(JSON.parse(readFileSync(file, 'utf8')))}\n`);
  } catch (error) {
    const why = error.code === 'ENOENT' ? 'no local stack is running here: npm start' : error.message;
    process.stderr.write(`token.mjs: ${why}\n`);
    process.exitCode = 1;
  }
}
