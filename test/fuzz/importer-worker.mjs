/** Checks one mutant after the other; what it is not sent back within the deadline of its parent is a hang. */
import { parentPort } from "node:worker_threads";
import { checkDefinition } from "../../dist/engine/analysis/check-definition.js";
import { compileDefinitions } from "../../dist/engine/model/compile.js";

const bounds = { situations: 30, pause: async () => undefined };

const isTyped = ({ code, severity, element, message }) =>
  /^[A-Z][A-Z_]+$/.test(code) &&
  (severity === "error" || severity === "warning") &&
  (element === null || typeof element === "string") &&
  message.zh.length > 0 &&
  message.en.length > 0;

async function faultOf(xml) {
  try {
    const { processes, problems } = await compileDefinitions(xml);
    const isRefused = problems.some(({ severity }) => severity === "error");
    if (isRefused === processes.length > 0) return "neither a model nor an error, or both";
    const all = isRefused ? problems : await checkDefinition(xml, new Map(), bounds);
    const untyped = all.find((found) => !isTyped(found));
    if (untyped) return `untyped problem ${JSON.stringify(untyped)}`;
    return Object.keys(Object.prototype).length > 0 ? "prototype polluted" : null;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.stack}` : String(error);
  }
}

// A worker of Node has no origin to name.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort.on("message", async (xml) => parentPort.postMessage(await faultOf(xml)));
