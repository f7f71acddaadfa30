import mysql from "mysql2/promise";

/** Databases on the shared server of the tests. */
export class MariaDbDatabases {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Makes an empty database and gives its URL. */
  async create(name: string): Promise<string> {
    await this.#run(`create database ${name} character set utf8mb4 collate utf8mb4_bin`);
    return `mysql://root@127.0.0.1:${this.#port}/${name}`;
  }

  /** Makes a database that has the tables of another, with their rows, and gives its URL. The product uses no foreign keys or views. */
  async copy(from: string, to: string): Promise<string> {
    const url = await this.create(to);
    const tables = await this.#run(
      `select table_name as name from information_schema.tables where table_schema = '${from}'`,
    );
    const statements = tables.map(({ name }) => {
      const [source, target] = [`${from}.${String(name)}`, `${to}.${String(name)}`];
      return `create table ${target} like ${source}; insert into ${target} select * from ${source}`;
    });
    await this.#run(statements.join("; "));
    return url;
  }

  async drop(name: string): Promise<void> {
    await this.#run(`drop database if exists ${name}`);
  }

  async #run(sql: string): Promise<readonly mysql.RowDataPacket[]> {
    const server = { host: "127.0.0.1", port: this.#port, user: "root" };
    const connection = await mysql.createConnection({ ...server, multipleStatements: true });
    try {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
      return rows;
    } finally {
      await connection.end();
    }
  }
}
