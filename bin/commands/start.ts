import { join } from "node:path";
import { parseArgs } from "node:util";
import { scannerOf } from "../../server/attachments/scanner.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { noticeSettings, SettingsError, type NoticeSettings } from "../../server/notices/settings.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { startServer } from "../../server/start.ts";
import { UsageError } from "../usage.ts";

export async function start(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      demo: { type: "boolean", default: false },
      port: { type: "string", default: "8080" },
      host: { type: "string", default: "127.0.0.1" },
      data: { type: "string" },
    },
  });
  const server = await startServer({
    port: Number(values.port),
    host: values.host,
    databaseUrl: process.env["DATABASE_URL"] ?? null,
    dataDir: values.data ?? join(packageRoot(), "data"),
    demo: values.demo,
    notices: settingsFrom(process.env),
    attachmentFolder: process.env["JIELI_ATTACHMENTS"],
    scanner: scannerOf(process.env["JIELI_SCANNER"]),
  });
  process.stdout.write(`接力 Jieli ${server.url}\n`);
  if (values.demo)
    process.stdout.write(
      `演示账号见登录页，密码均为 ${demoPassword} · demo accounts are on the sign-in page, password ${demoPassword}\n`,
    );
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.close();
  return 0;
}

function settingsFrom(environment: NodeJS.ProcessEnv): NoticeSettings {
  try {
    return noticeSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}
