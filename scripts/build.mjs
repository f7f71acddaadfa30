/** `npm run build`: installs what is missing and builds server and web application, for a deployment. */
import { ensureBuild, ensureConsoleBuild, ensureDependencies, SetupError } from "./setup.mjs";

try {
  ensureDependencies();
  ensureBuild();
  ensureConsoleBuild();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
