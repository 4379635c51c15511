// Finds which program listens on a port, where the system tells cheaply; only for the text of an error.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const listenState = '0A';

/** The socket numbers that listen on the port, from the text of /proc/net/tcp or tcp6. */
export function listeningSockets(table: string, port: number): string[] {
  const portHex = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${portHex}`) === true && fields[3] === listenState)
    .flatMap((fields) => (fields[9] === undefined ? [] : [fields[9]]));
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function descriptorsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
  } catch {
    return [];
  }
}

function holderOnLinux(port: number): string | undefined {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(readOrEmpty(table), port));
  const links = new Set(sockets.map((socket) => `socket:[${socket}]`));
  const pids = links.size === 0 ? [] : readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const pid = pids.find((candidate) => descriptorsOf(candidate).some((link) => links.has(link)));
  return pid === undefined ? undefined : `${readOrEmpty(`/proc/${pid}/comm`).trim()} (process ${pid})`;
}

function holderByLsof(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], (_error, stdout) => {
      const pid = /^p(\d+)$/m.exec(stdout)?.[1];
      const command = /^c(.+)$/m.exec(stdout)?.[1];
      resolve(pid === undefined ? undefined : `${command ?? 'a program'} (process ${pid})`);
    });
  });
}

export async function holderOf(port: number): Promise<string | undefined> {
  return process.platform === 'linux' ? holderOnLinux(port) : holderByLsof(port);
}
