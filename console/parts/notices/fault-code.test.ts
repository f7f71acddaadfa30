import { describe, expect, it } from "vitest";
import { channelFault } from "./fault-code.ts";

describe("a fault of a channel", () => {
  it.each([
    ["HTTP_500: the answer is no success", "HTTP", "HTTP_500"],
    ["ROBOT_93000: the robot did not take the message", "ROBOT", "ROBOT_93000"],
    ["ROBOT_-1: the robot did not take the message", "ROBOT", "ROBOT_-1"],
    ["ROBOT_ANSWER: the answer is no robot's", "ROBOT_ANSWER", "ROBOT_ANSWER"],
    ["SMTP_550: the mail was not taken", "SMTP", "SMTP_550"],
    ["ADDRESS_REFUSED: a.example leads to an address that is not public", "ADDRESS_REFUSED", "ADDRESS_REFUSED"],
    ["INTERNAL: TypeError: x", "other", "INTERNAL"],
  ])("%s", (written, fault, code) => {
    expect(channelFault(written)).toEqual({ fault, code });
  });
});
