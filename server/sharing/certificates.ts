import { z } from "zod";
import type { Principal } from "../identity/sessions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { grantSeenBy } from "./grant-rights.ts";

/** A certificate of disposal as its grant keeps it: the attachment, and the hash of its content (SHA-256, hexadecimal). */
const certificateFile = z.object({ id: z.string(), name: z.string(), bytes: z.number().int(), sha256: z.string() });
export type CertificateFile = z.infer<typeof certificateFile>;

/** The certificate of a grant; `null` where none was handed in, or only its number. */
export function certificateOf(grant: Row): CertificateFile | null {
  const stored = optionalText(grant, "disposal_file");
  return stored === null ? null : certificateFile.parse(JSON.parse(stored));
}

/** Whether an attachment of a supervised use is the certificate of a grant that this person may see: the provider among them. */
export async function isVisibleCertificate(
  runtime: Runtime,
  principal: Principal,
  attachment: string,
  supervision: string,
): Promise<boolean> {
  const query = runtime.store.read;
  const [held] = await query("SELECT instance_id FROM access_grant WHERE supervision_id = ?", [supervision]);
  const row = held && (await grantSeenBy(query, runtime.content, principal, text(held, "instance_id")));
  return row ? certificateOf(row)?.id === attachment : false;
}
