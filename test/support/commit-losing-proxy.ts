import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** `COMMIT` as the client sends it: length 7, sequence 0, COM_QUERY. */
const commit = Buffer.concat([Buffer.from([7, 0, 0, 0, 3]), Buffer.from("COMMIT")]);

/**
 * Stands between a node and MariaDB. It can lose the answer to a COMMIT: the database has committed, the connection breaks, and
 * the node cannot know whether it has.
 */
export class CommitLosingProxy {
  /** Answers to COMMIT that were lost. */
  lost = 0;
  readonly #server: Server;
  readonly #target: URL;
  readonly #open = new Set<Socket>();
  #losing: "none" | "next" | "everythingAfterNext" = "none";
  #isDown = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  static async before(databaseUrl: string): Promise<CommitLosingProxy> {
    const proxy = new CommitLosingProxy(new URL(databaseUrl));
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** The database's URL by way of the proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Loses the answer to the next COMMIT; with `andGoDown` no connection comes through afterwards until `comeUp`. */
  loseNextCommit({ andGoDown = false } = {}): void {
    this.#losing = andGoDown ? "everythingAfterNext" : "next";
  }

  comeUp(): void {
    this.#isDown = false;
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket): void {
    if (this.#isDown) {
      client.destroy();
      return;
    }
    const database = connect(Number(this.#target.port), this.#target.hostname);
    let isLosing = false;
    client.on("data", (chunk: Buffer) => {
      if (this.#losing !== "none" && chunk.includes(commit)) {
        isLosing = true;
        this.#isDown = this.#losing === "everythingAfterNext";
        this.#losing = "none";
      }
      database.write(chunk);
    });
    database.on("data", (chunk: Buffer) => {
      if (!isLosing) {
        client.write(chunk);
        return;
      }
      this.lost += 1;
      if (this.#isDown) for (const socket of this.#open) socket.destroy();
      client.destroy();
      database.destroy();
    });
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.#open.add(socket);
      socket.on("close", () => {
        this.#open.delete(socket);
        other.destroy();
      });
      // A broken connection is what this is for; both ends hear of it by its close.
      socket.on("error", () => socket.destroy());
    }
  }
}
