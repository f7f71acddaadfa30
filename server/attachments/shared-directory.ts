import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ByteRange, FileStore, ReceivedFile } from "./file-store.ts";

class TooLongError extends Error {
  override readonly name = "TooLongError";
}

/**
 * A store in a folder, which several server nodes may share (NFS and the like): `ab/cd/<hash>`, so that no folder grows huge.
 * A file is written beside the store, flushed, and then renamed into its place: a reader finds all of it or nothing.
 */
export class SharedDirectory implements FileStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async receive(source: Readable, maximumBytes: number): Promise<ReceivedFile | null> {
    const path = join(await this.#folder("incoming"), randomUUID());
    const hash = createHash("sha256");
    let bytes = 0;
    const measured = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > maximumBytes) return done(new TooLongError());
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(source, measured, createWriteStream(path, { flags: "wx", mode: 0o600, flush: true }));
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof TooLongError) return null;
      throw error;
    }
    return { sha256: hash.digest("hex"), bytes, path };
  }

  async keep({ sha256, path }: ReceivedFile): Promise<void> {
    const place = this.#placeOf(sha256);
    await mkdir(dirname(place), { recursive: true });
    // Over a file that is there already: the content is the same, and nobody can have taken it away in between.
    await rename(path, place);
    await flushFolder(dirname(place));
  }

  async discard({ path }: ReceivedFile): Promise<void> {
    await rm(path, { force: true });
  }

  async read(sha256: string, range: ByteRange | null): Promise<Readable | null> {
    try {
      const file = await open(this.#placeOf(sha256), "r");
      return file.createReadStream(range ? { start: range.first, end: range.last } : {});
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async quarantine(sha256: string): Promise<void> {
    await this.#move(this.#placeOf(sha256), join(await this.#folder("quarantine"), sha256));
  }

  async remove(sha256: string, isWanted: () => Promise<boolean>): Promise<void> {
    const place = this.#placeOf(sha256);
    const aside = join(await this.#folder("leaving"), sha256);
    await this.#move(place, aside);
    if (await isWanted()) await this.#move(aside, place);
    else {
      await rm(aside, { force: true });
      await rm(join(this.#root, "quarantine", sha256), { force: true });
    }
  }

  async check(sha256: string): Promise<"sound" | "altered" | "missing"> {
    const hash = createHash("sha256");
    try {
      await pipeline(createReadStream(this.#placeOf(sha256)), hash);
    } catch (error) {
      if (isMissing(error)) return "missing";
      throw error;
    }
    return hash.digest("hex") === sha256 ? "sound" : "altered";
  }

  /** Only what looks like a hash becomes part of a path. */
  #placeOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError("not a SHA-256 in hexadecimal");
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async #folder(name: string): Promise<string> {
    const folder = join(this.#root, name);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async #move(from: string, to: string): Promise<void> {
    try {
      await rename(from, to);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

/** Makes the new name itself survive a power cut. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
