/** Postgres in the page: downloads it, starts it in a worker, and replaces a worker that has to be ended. */
import type { Outcome, Trial } from './reach.ts';
import type { Files } from './worker.ts';

/** How long a trial may take. The page's own SQL takes a fraction of a second. */
const seconds = 10;

export class Postgres {
  readonly #files: Files;
  #worker: Promise<Worker>;
  #stop: ((reason: string) => void) | undefined;

  private constructor(files: Files) {
    this.#files = files;
    this.#worker = started(files);
  }

  /**
   * Downloads and starts it.
   * @param url the folder of the files
   * @param onBytes told how many more bytes have come, compressed
   */
  static async load(url: string, onBytes: (bytes: number) => void): Promise<Postgres> {
    const others = new AbortController();
    const file = (name: string, type: string) => download(`${url}${name}.bin`, type, others.signal, onBytes);
    const binary = 'application/octet-stream';
    const [wasm, data, database] = await Promise.all([
      WebAssembly.compileStreaming(file('postgres', 'application/wasm')),
      file('data', binary).then((response) => response.blob()),
      file('database', binary).then((response) => response.blob()),
    ]).catch((error) => {
      others.abort();
      throw error;
    });
    const postgres = new Postgres({ postgres: wasm, data, database });
    await postgres.#worker;
    return postgres;
  }

  /** Tries the SQL. If it takes too long, is stopped, or crashes Postgres, Postgres starts again, and the outcome says so. */
  async run(trial: Trial): Promise<Outcome> {
    const worker = await this.#worker;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#stop = (message) => {
      worker.terminate();
      this.#worker = started(this.#files);
      resolve({ error: { message } });
    };
    const timer = setTimeout(
      () => this.stop(`Stopped after ${seconds} seconds: your SQL didn’t come to an end.`),
      seconds * 1000,
    );
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => this.stop('Postgres crashed and was started again. Does your SQL need a lot of memory?');
    worker.postMessage(trial);
    const outcome = await promise;
    clearTimeout(timer);
    this.#stop = undefined;
    return outcome;
  }

  /** Ends the current trial. */
  stop(message = 'Stopped.'): void {
    this.#stop?.(message);
  }
}

async function started(files: Files): Promise<Worker> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const { promise, resolve, reject } = Promise.withResolvers();
  worker.onmessage = resolve;
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage(files);
  await promise;
  return worker;
}

/** Downloads a file and decompresses it on the way. */
async function download(
  url: string,
  type: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Response> {
  const { ok, status, body } = await fetch(url, { signal });
  if (!ok || !body) throw new Error(`${url} answers ${status}`);
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      onBytes(chunk.length);
      controller.enqueue(chunk);
    },
  });
  const unpacked = body.pipeThrough(counted).pipeThrough(new DecompressionStream('gzip'));
  return new Response(unpacked, { headers: { 'content-type': type } });
}
