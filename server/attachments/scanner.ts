import { spawn } from "node:child_process";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export type ScanResult = "clean" | "infected";

/** Looks at a content. Throws when it could not; the file then stays pending and is looked at again. */
export type Scanner = (content: Readable) => Promise<ScanResult>;

const deadlineMs = 120_000;

/**
 * The scanner that the configuration names: `tcp://host:port` speaks clamd's INSTREAM, anything else is a command that gets the
 * content on its standard input and ends with 0 for clean and 1 for infected. `null` for none.
 */
export function scannerOf(configured: string | undefined): Scanner | null {
  if (configured === undefined || configured === "") return null;
  if (configured.startsWith("tcp://")) {
    const { hostname, port } = new URL(configured);
    return byInstream(hostname, Number(port));
  }
  const [command = "", ...args] = configured.split(" ").filter((part) => part !== "");
  return byCommand(command, args);
}

function byCommand(command: string, args: readonly string[]): Scanner {
  return async (content) => {
    const child = spawn(command, args, { stdio: ["pipe", "ignore", "ignore"], timeout: deadlineMs });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    // A scanner may have seen enough before the end: its exit code tells, not the broken pipe.
    const fed = pipeline(content, child.stdin).catch((error: unknown) => {
      if (!(
        error instanceof Error &&
        "code" in error &&
        ["EPIPE", "ERR_STREAM_PREMATURE_CLOSE"].includes(String(error.code))
      ))
        throw error;
    });
    const [code] = await Promise.all([ended, fed]);
    if (code === 0) return "clean";
    if (code === 1) return "infected";
    throw new Error(`the scanner ended with ${String(code)}`);
  };
}

/** clamd(8), INSTREAM: chunks, each after its length in four bytes; a length of zero ends it. */
function byInstream(host: string, port: number): Scanner {
  return async (content) => {
    const socket = connect({ host, port });
    socket.setTimeout(deadlineMs, () => socket.destroy(new Error("the scanner did not answer in time")));
    let answer = "";
    const answered = new Promise<void>((resolve, reject) => {
      socket.on("data", (data: Buffer) => (answer += data.toString("latin1")));
      socket.once("end", resolve);
      socket.once("error", reject);
      socket.once("close", resolve);
    });
    const told = pipeline(Readable.from(instream(content)), socket, { end: false });
    await Promise.all([told, answered]);
    socket.destroy();
    if (/\bOK\0?\s*$/.test(answer)) return "clean";
    if (/\bFOUND\0?\s*$/.test(answer)) return "infected";
    throw new Error(`the scanner answered ${JSON.stringify(answer.slice(0, 100))}`);
  };
}

async function* instream(content: Readable): AsyncGenerator<Buffer> {
  yield Buffer.from("zINSTREAM\0");
  for await (const chunk of content) {
    const bytes = chunk as Buffer;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    yield length;
    yield bytes;
  }
  yield Buffer.alloc(4);
}
