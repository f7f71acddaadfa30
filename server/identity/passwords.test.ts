import { expect, it } from "vitest";
import { hashPassword, verifyPassword } from "./passwords.ts";

it("keeps a password as a salted scrypt hash with parameters that make guessing slow, and knows it again", async () => {
  const [stored, again] = [await hashPassword("三人行"), await hashPassword("三人行")];
  expect(stored.split("$").slice(0, 4)).toEqual(["scrypt", "32768", "8", "1"]);
  expect(again).not.toBe(stored);
  expect([await verifyPassword("三人行", stored), await verifyPassword("三人", stored)]).toEqual([true, false]);
});

it("reads a hash by the parameters that it names, and takes no other scheme for one", async () => {
  // The first test vector with N = 1024 of RFC 7914, section 12, cut to the product's key length.
  const key = Buffer.from("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162", "hex");
  const stored = `scrypt$1024$8$16$${Buffer.from("NaCl").toString("base64")}$${key.toString("base64")}`;
  expect(await verifyPassword("password", stored)).toBe(true);
  expect(await verifyPassword("password", stored.replace("$1024$", "$2048$"))).toBe(false);
  expect(await verifyPassword("password", stored.replace("scrypt", "plain"))).toBe(false);
});
