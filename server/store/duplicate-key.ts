/** True for the error of a row whose key another transaction wrote first, on SQLite as on MySQL and MariaDB. */
export function isDuplicateKey(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("code" in error)) return false;
  return error.code === "ER_DUP_ENTRY" || String(error.code).startsWith("SQLITE_CONSTRAINT");
}
