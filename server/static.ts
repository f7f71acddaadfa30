import { createReadStream, existsSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { Middleware } from "koa";
import { packageRoot } from "./content/package-root.ts";

/** The console's built files. Hashed assets may be kept for ever; the page itself never. Unknown paths get the page. */
export function serveConsole(): Middleware {
  const root = join(packageRoot(), "dist", "console");
  const page = join(root, "index.html");
  return async (context, next) => {
    if ((context.method !== "GET" && context.method !== "HEAD") || context.path.startsWith("/api/")) return next();
    const wanted = normalize(join(root, decodeURIComponent(context.path)));
    const file = wanted.startsWith(join(root, "/")) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : page;
    if (!existsSync(file)) return next();
    context.set(
      "cache-control",
      file !== page && context.path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    );
    context.type = extname(file);
    context.body = createReadStream(file);
  };
}
