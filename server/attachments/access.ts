import type { InstanceState } from "../../engine/execution/state.ts";
import { readerOf, type Reader } from "../forms/reader.ts";
import { participantsOf } from "../identity/participants.ts";
import { authorize } from "../identity/policy.ts";
import type { Principal } from "../identity/sessions.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { isVisibleCertificate } from "../sharing/certificates.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { scanStateOf } from "./attachments.ts";

/**
 * Throws unless the person may read the content now: 404 for who may not see it, 409 for what was found harmful, and, for
 * everybody but its uploader, for what nobody has looked at yet.
 */
export async function requireReadable(runtime: Runtime, principal: Principal, row: Row): Promise<void> {
  const instanceId = optionalText(row, "instance_id");
  const isUploader = text(row, "person_id") === principal.id;
  if (instanceId !== null) await requireField(runtime, principal, row, instanceId);
  else if (!isUploader) throw notFound();
  switch (scanStateOf(row)) {
    case "clean":
    case "notScanned":
      return;
    case "infected":
      throw new RuntimeProblem(409, "ATTACHMENT_INFECTED", {
        zh: "文件含有有害内容，已隔离",
        en: "The file was found harmful and is in quarantine",
      });
    case "pending":
      if (isUploader) return;
      throw new RuntimeProblem(
        409,
        "ATTACHMENT_BEING_SCANNED",
        { zh: "文件正在安全检查", en: "The file is being checked" },
        { zh: "请稍后再试", en: "Try again shortly" },
      );
  }
}

/**
 * Throws 404 for whoever may not see the case, or not the field that the file was sent with. A certificate of disposal is read by
 * whoever may see the grant.
 */
export async function requireField(
  runtime: Runtime,
  principal: Principal,
  row: Row,
  instanceId: string,
): Promise<void> {
  if (await isVisibleCertificate(runtime, principal, text(row, "id"), instanceId)) return;
  await requireVisible(runtime, principal, instanceId);
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance) throw notFound();
  const reader = await readerOf(runtime, principal, instance, json<InstanceState>(instance, "state"));
  if (!isOpenFile(reader, row)) throw notFound();
}

/** Whether a file of a case was sent with nothing that is hidden from the reader. */
export function isOpenFile(reader: Reader, row: Row): boolean {
  const [place, field] = [optionalText(row, "form_place"), optionalText(row, "form_field")];
  return place === null || field === null || reader.seesField(place, field);
}

/** Throws 404 for whoever may not see the case. */
export async function requireVisible(runtime: Runtime, principal: Principal, instanceId: string): Promise<void> {
  const involved = await participantsOf(runtime.store.read, instanceId);
  authorize(principal, { type: "case.view", ...involved }, runtime.content);
}
