import { randomBytes } from "node:crypto";
import { type Connection, createConnection } from "mariadb";
import { pino } from "pino";
import { createDatabase, dropDatabase } from "../../../../test/peers/mariadb.ts";
import { connectDatabase } from "../connect-database.ts";
import { migrate } from "../migrate.ts";

let made: Promise<string> | undefined;

/** Gives an empty database of MariaDB what all migrations come to. They are run once in a process: as one text of statements it takes a third of the time. */
export async function createMigratedTables(peerUrl: string, databaseUrl: string): Promise<void> {
  made ??= describeTables(peerUrl);
  const statements = await made;
  const { host, name } = placeOf(databaseUrl);
  const connection = await createConnection({ ...host, database: name, multipleStatements: true });
  try {
    await connection.query(statements);
  } finally {
    await connection.end();
  }
}

async function describeTables(peerUrl: string): Promise<string> {
  const template = `mycloud_test_${randomBytes(6).toString("hex")}`;
  try {
    const logger = pino({ level: "silent" });
    const url = await createDatabase(peerUrl, template);
    const database = await connectDatabase(url, logger);
    await migrate(database, { logger });
    await database.close();
    const { host, name } = placeOf(url);
    const connection = await createConnection({ ...host, database: name });
    try {
      return await dump(connection);
    } finally {
      await connection.end();
    }
  } finally {
    await dropDatabase(peerUrl, template);
  }
}

/** Statements that make the tables, and the rows that migrations have put into them. */
async function dump(connection: Connection): Promise<string> {
  const statements = ["set foreign_key_checks = 0"];
  const names: string[] = (await connection.query({ sql: "show tables", rowsAsArray: true })).map(
    ([table]: [string]) => table,
  );
  for (const table of names) {
    const [[, create]] = await connection.query({ sql: `show create table \`${table}\``, rowsAsArray: true });
    statements.push(create);
    const rows: unknown[][] = await connection.query({ sql: `select * from \`${table}\``, rowsAsArray: true });
    const values = rows.map((row) => `(${row.map((value) => connection.escape(value)).join(", ")})`);
    if (values.length > 0) statements.push(`insert into \`${table}\` values ${values.join(", ")}`);
  }
  return statements.join(";\n");
}

function placeOf(databaseUrl: string) {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const host = { host: hostname, port: Number(port), user: decodeURIComponent(username) };
  return { host: { ...host, password: decodeURIComponent(password) }, name: pathname.slice(1) };
}
