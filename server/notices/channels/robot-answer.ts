import { z } from "zod";
import { ChannelError } from "./channel-error.ts";

const answer = z.object({ errcode: z.number().int() });

/** Both robots answer 200 with an `errcode` of their own; only 0 is success. Only the number is told further. */
export function requireTaken(beginning: string): void {
  const parsed = answer.safeParse(jsonOrNull(beginning));
  if (!parsed.success) throw new ChannelError("ROBOT_ANSWER", "the answer is no robot's", true);
  if (parsed.data.errcode !== 0)
    throw new ChannelError(`ROBOT_${parsed.data.errcode}`, "the robot did not take the message", true);
}

function jsonOrNull(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // Not JSON: then it is no robot's answer, and the caller says so.
    return null;
  }
}
