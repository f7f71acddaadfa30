import { createServer, type AddressInfo, type Server } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { scannerOf } from "./scanner.ts";

const content = () => Readable.from([Buffer.from("first "), Buffer.from("second")]);

describe("a command that scans", () => {
  const script = (code: string) => scannerOf(`${process.execPath} -e ${code}`);

  it.each([
    ["finds nothing when it ends with 0", "process.stdin.resume()", "clean"],
    ["finds something when it ends with 1, even before the end of the content", "process.exit(1)", "infected"],
  ])("%s", async (_what, code, result) => {
    expect(await script(code)?.(content())).toBe(result);
  });

  it("has no answer when it ends with anything else", async () => {
    await expect(script("process.exit(2)")?.(content())).rejects.toThrow("ended with 2");
  });
});

describe("a scanner behind TCP (clamd INSTREAM)", () => {
  let server: Server;
  afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

  async function answering(answer: string): Promise<{ url: string; heard: () => string }> {
    let heard = Buffer.alloc(0);
    server = createServer((socket) => {
      socket.on("data", (data) => {
        heard = Buffer.concat([heard, data]);
        if (heard.subarray(-4).equals(Buffer.alloc(4))) socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `tcp://127.0.0.1:${port}`, heard: () => heard.toString("latin1") };
  }

  it.each([
    ["stream: OK\0", "clean"],
    ["stream: Eicar-Test-Signature FOUND\0", "infected"],
  ])("answers %j", async (answer, result) => {
    const { url, heard } = await answering(answer);
    expect(await scannerOf(url)?.(content())).toBe(result);
    expect(heard()).toBe("zINSTREAM\0\0\0\0\u0006first \0\0\0\u0006second\0\0\0\0");
  });

  it("has no answer when it reports an error", async () => {
    const { url } = await answering("INSTREAM size limit exceeded. ERROR\0");
    await expect(scannerOf(url)?.(content())).rejects.toThrow("size limit exceeded");
  });
});

it.each([undefined, ""])("no scanner is configured by %j", (configured) => {
  expect(scannerOf(configured)).toBeNull();
});
