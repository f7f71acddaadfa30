/**
 * A private, throw-away MariaDB server for tests: its own data directory in the temporary folder, its own loopback port,
 * durable at every commit like a production server, and killable. It takes about a second to start.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import mysql from "mysql2/promise";

export interface PrivateMariaDb {
  /** URL of an empty database that exists from the start, `mysql://root@127.0.0.1:PORT/jieli_test_1`. */
  readonly url: string;
  readonly port: number;
  /** What `select version()` says, for example `10.11.19-MariaDB-0+deb12u1`. */
  readonly version: string;
  /** Creates one more empty database on the same server and gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server as a power cut would (SIGKILL); the data directory stays for `restart`. */
  kill9(): Promise<void>;
  /** Starts the server again on the same data and the same port; it must have ended before. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. Calling it twice does no harm. */
  stop(): Promise<void>;
}

/** The server could not be started; `log` holds the end of what it said. */
export class MariaDbStartError extends Error {
  readonly code = "MARIADB_NOT_STARTED";
  readonly log: string;

  constructor(reason: string, log: string) {
    super(`${reason}\n${log}`.trim());
    this.name = "MariaDbStartError";
    this.log = log;
  }
}

/**
 * Starts a private server.
 *
 * @param settings further server options, for example `["--innodb-lock-wait-timeout=2"]`
 * @param place folder in which its own folder is made
 * @throws MariaDbStartError when MariaDB is not installed or does not answer within 60 seconds
 */
export async function startPrivateMariaDb(
  settings: readonly string[] = [],
  place: string = tmpdir(),
): Promise<PrivateMariaDb> {
  const server = programNamed("mariadbd");
  const installer = programNamed("mariadb-install-db");
  const folder = mkdtempSync(join(place, `jieli-mariadb-${process.pid}-`));
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
  let running: ChildProcess | null = null;
  let databases = 0;

  // The test process may end without calling stop(): nothing of ours may stay behind.
  const leaveNothing = () => {
    running?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", leaveNothing);

  async function end(signal: "SIGKILL" | "SIGTERM") {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async function stop() {
    await end("SIGKILL");
    process.removeListener("exit", leaveNothing);
    rmSync(folder, { recursive: true, force: true });
  }

  async function launch(port: number) {
    const log = openSync(join(folder, "server.log"), "a");
    const child = spawn(server, [...optionsFor(folder, port), ...asRoot, ...settings], {
      cwd: folder,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    running = child;
    await answering(child, port, join(folder, "server.log"));
  }

  try {
    await installData(installer, folder, asRoot);
    const port = await freePort();
    await launch(port);
    const createDatabase = async () => {
      databases += 1;
      const name = `jieli_test_${databases}`;
      await query(port, `create database ${name} character set utf8mb4 collate utf8mb4_bin`);
      return `mysql://root@127.0.0.1:${port}/${name}`;
    };
    return {
      port,
      version: await query(port, "select version() as answer"),
      url: await createDatabase(),
      createDatabase,
      kill9: () => end("SIGKILL"),
      restart: () => launch(port),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function optionsFor(folder: string, port: number): readonly string[] {
  return [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    // A server that starts deletes all temporary tables in this folder, those of other servers included.
    `--tmpdir=${join(folder, "temporary")}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    // Relative to the data directory: a socket's path may have 107 characters, and a temporary folder can be longer.
    "--socket=private.sock",
    "--pid-file=private.pid",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-buffer-pool-size=128M",
    "--innodb-log-file-size=48M",
    "--max-connections=200",
  ];
}

async function installData(installer: string, folder: string, asRoot: readonly string[]) {
  const options = [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    `--tmpdir=${join(folder, "temporary")}`,
    "--auth-root-authentication-method=normal",
  ];
  mkdirSync(join(folder, "temporary"));
  try {
    await promisify(execFile)(installer, [...options, "--skip-test-db", "--innodb-log-file-size=48M", ...asRoot]);
  } catch (error) {
    throw new MariaDbStartError("mariadb-install-db failed", error instanceof Error ? error.message : String(error));
  }
}

/** Waits until the server takes connections; a server that ends meanwhile is reported with its log. */
async function answering(child: ChildProcess, port: number, logFile: string) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await query(port, "select 1 as answer");
      return;
    } catch (error) {
      const log = () => readFileSync(logFile, "utf8").split("\n").slice(-15).join("\n");
      if (child.exitCode !== null || child.signalCode !== null) throw new MariaDbStartError("mariadbd ended", log());
      if (Date.now() > deadline) {
        child.kill("SIGKILL");
        throw new MariaDbStartError(`mariadbd does not answer: ${String(error)}`, log());
      }
    }
    await wait(25);
  }
}

/** Runs one statement and gives the column `answer` of its first row, or an empty text. */
async function query(port: number, sql: string): Promise<string> {
  const connection = await mysql.createConnection({ host: "127.0.0.1", port, user: "root", connectTimeout: 5_000 });
  try {
    const [rows] = await connection.query(sql);
    const first: unknown = Array.isArray(rows) ? rows[0] : null;
    return first !== null && typeof first === "object" && "answer" in first ? String(first.answer) : "";
  } finally {
    await connection.end();
  }
}

/** A port that nobody listens on now. Another program may take it before the server does; the start then fails loudly. */
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new MariaDbStartError("no free port", "");
  return address.port;
}

/** Debian keeps servers in /usr/sbin, which is not on the PATH of ordinary users. */
function programNamed(name: string): string {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/local/bin"];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path) && executable(path));
  if (found) return found;
  throw new MariaDbStartError(`${name} is not installed; on Debian: apt-get install mariadb-server`, "");
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
