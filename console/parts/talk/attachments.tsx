import { useMutation } from "@tanstack/react-query";
import { Button, Modal, Tag } from "antd";
import { useRef, useState } from "react";
import type { AttachmentBounds, AttachmentView } from "../../../server/api/attachments/attachments.schema.ts";
import { api, query, sendFile } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, Loaded, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";

/** The files of a case: save, look at, add. */
export function CaseAttachments({ instanceId, taskId }: { instanceId: string; taskId: string | null }) {
  const { t } = useText();
  const files = useApi<{ items: AttachmentView[] }>(`/api/instances/${instanceId}/attachments`);
  const [shown, setShown] = useState<AttachmentView | null>(null);
  return (
    <section className="card">
      <h2>{t("attachments")}</h2>
      <Loaded result={files}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t("attachmentsEmpty")}</p>
          ) : (
            <ul className="plain">
              {items.map((file) => (
                <AttachmentLine key={file.id} file={file} onShow={setShown} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Upload instanceId={instanceId} taskId={taskId} />
      <Preview file={shown} onClose={() => setShown(null)} />
    </section>
  );
}

function AttachmentLine({ file, onShow }: { file: AttachmentView; onShow: (file: AttachmentView) => void }) {
  const { t, term } = useText();
  const served = file.scan !== "infected";
  return (
    <li className="row">
      <span className="break">{served ? <a href={`/api/attachments/${file.id}`}>{file.name}</a> : file.name}</span>
      <span className="muted">
        {size(file.bytes)} · {file.by.name} {chinaTime(file.at)}
      </span>
      <Tag color={file.scan === "infected" ? "error" : file.scan === "pending" ? "warning" : "default"}>
        {term(`scan_${file.scan}`)}
      </Tag>
      {served && file.preview && (
        <Button size="small" onClick={() => onShow(file)} aria-label={`${t("attachmentPreview")} ${file.name}`}>
          {t("attachmentPreview")}
        </Button>
      )}
    </li>
  );
}

/** Checks name and size before it sends; the server checks them again, and the content. */
function Upload({ instanceId, taskId }: { instanceId: string; taskId: string | null }) {
  const { t } = useText();
  const refresh = useRefreshAll();
  const bounds = useApi<AttachmentBounds>("/api/attachments/bounds");
  const chooser = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const sending = useMutation({
    mutationFn: async (file: File) => {
      const { id } = await sendFile<AttachmentView>(`/api/attachments${query({ name: file.name })}`, file);
      await api.post(`/api/instances/${instanceId}/attachments`, { attachmentIds: [id], taskId });
      await refresh();
    },
  });
  if (!bounds.data) return null;
  const { maximumBytes, endings } = bounds.data;
  const megabytes = Math.floor(maximumBytes / 1_048_576);
  const send = (file: File) => {
    sending.reset();
    setRefused(null);
    if (file.size > maximumBytes) return setRefused(t("attachmentTooLarge", { name: file.name, size: megabytes }));
    if (!endings.includes(file.name.split(".").at(-1)?.toLowerCase() ?? ""))
      return setRefused(t("attachmentKind", { name: file.name }));
    return sending.mutate(file);
  };
  return (
    <>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={endings.map((ending) => `.${ending}`).join(",")}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file) send(file);
        }}
      />
      <Button loading={sending.isPending} onClick={() => chooser.current?.click()}>
        {t("attachmentAdd")}
      </Button>{" "}
      <small className="muted">{t("attachmentBounds", { size: megabytes, endings: endings.join(" ") })}</small>
      <div aria-live="polite">
        {sending.isPending && <small>{t("attachmentUploading", { name: sending.variables.name })}</small>}
        {refused && <p className="refused">{refused}</p>}
      </div>
      {sending.error !== null && <Failure error={sending.error} />}
    </>
  );
}

function Preview({ file, onClose }: { file: AttachmentView | null; onClose: () => void }) {
  const { t } = useText();
  const source = file ? `/api/attachments/${file.id}/preview` : "";
  return (
    <Modal
      open={file !== null}
      title={file?.name}
      width="min(960px, 96vw)"
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t("close")}</Button>}
    >
      {file?.preview === "image" && <img src={source} alt={file.name} style={{ maxWidth: "100%" }} />}
      {file?.preview === "pdf" && (
        // Chromium shows no PDF in a sandboxed frame; the answer itself allows nothing (`server/api/attachments/content.ts`).
        // oxlint-disable-next-line react/iframe-missing-sandbox
        <iframe src={source} title={file.name} style={{ width: "100%", height: "70vh", border: 0 }} />
      )}
    </Modal>
  );
}

function size(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
