/**
 * Starts programs that serve on a port: the demo project's own server, and in the guide's tests everything else that a
 * reader starts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { stripVTControlCharacters } from 'node:util';

export interface Server {
  /** The URL that it printed after "Local" or "Listening on", or after a colon. */
  url: string;
  /** Its output up to then. */
  printed: string;
  stop(): Promise<void>;
}

/** Starts a program that prints its URL when it's ready. Rejects with its output if it exits first. */
export async function startServer(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Server> {
  // Its own process group, so that its child processes can be stopped with it.
  const child: ChildProcess = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
        const address = /(?:Local:?\s+|: |Listening on )(http:\/\/\S+)/.exec(stripVTControlCharacters(output))?.[1];
        if (address) resolve(address);
      });
    }
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`)));
  });
  const stop = async () => {
    const gone = once(child, 'exit');
    if (child.pid) process.kill(-child.pid);
    await gone;
  };
  return { url, printed: output, stop };
}

/** Returns a port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(address)));
    });
  });
}

/** Returns the environment without the variables about colors. If they contradict each other, Node prints a warning. */
export function uncolored(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, ...environment } = process.env;
  return environment;
}
