import type { Readable } from "node:stream";

/** A file that has arrived and is not kept yet. */
export interface ReceivedFile {
  readonly sha256: string;
  readonly bytes: number;
  /** Where it lies until it is kept or discarded. */
  readonly path: string;
}

/** Bytes of a file, both ends included, as in an HTTP range. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Where the contents of attachments are kept, by their SHA-256. All server nodes must see the same store. Rows in the database
 * say who may read what; the store knows nothing of people.
 */
export interface FileStore {
  /** Takes in a stream without holding it in memory. Gives `null` as soon as it is longer than `maximumBytes`. */
  receive(source: Readable, maximumBytes: number): Promise<ReceivedFile | null>;
  /** Makes a received file durable under its hash; the same content again is kept once. */
  keep(received: ReceivedFile): Promise<void>;
  discard(received: ReceivedFile): Promise<void>;
  /** `null` when the store holds no such file. */
  read(sha256: string, range: ByteRange | null): Promise<Readable | null>;
  /** Moves a file out of reach; nothing reads it from there. */
  quarantine(sha256: string): Promise<void>;
  /** Removes a file unless `isWanted` says, once it is out of reach, that somebody came to need it meanwhile. */
  remove(sha256: string, isWanted: () => Promise<boolean>): Promise<void>;
  /** Whether the content still has the hash by which it is kept. */
  check(sha256: string): Promise<"sound" | "altered" | "missing">;
}
