import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useRef } from "react";
import type { AttachmentRef } from "../../../../engine/forms/context.ts";
import type { FileField } from "../../../../engine/forms/form.ts";
import { query, sendFile } from "../../../api/client.ts";
import { useText } from "../../../i18n/i18n.ts";
import { useFailureWords } from "../../attempt.ts";
import type { EntryProps } from "./entry.ts";

/** Uploads go to the store of attachments; the form keeps what names them. */
export function FileInput({ field, id, value, onChange }: EntryProps<FileField>) {
  const { t, pick } = useText();
  const wordsOf = useFailureWords();
  const input = useRef<HTMLInputElement>(null);
  const files = Array.isArray(value) ? (value as readonly AttachmentRef[]) : [];
  const sending = useMutation({
    mutationFn: async (file: File) => {
      const kept = await sendFile<{ id: string; name: string; media: string; bytes: number }>(
        `/api/attachments${query({ name: file.name })}`,
        file,
      );
      const reference = { id: kept.id, name: kept.name, size: kept.bytes, type: kept.media };
      onChange(field.multiple ? [...files, reference] : [reference]);
    },
  });
  return (
    <div className="row">
      {files.map((file) => (
        <span key={file.id}>
          {file.name}{" "}
          <Button
            size="small"
            aria-label={t("formRemoveFile", { name: file.name })}
            onClick={() => onChange(files.filter((other) => other.id !== file.id))}
          >
            ×
          </Button>
        </span>
      ))}
      <input
        ref={input}
        id={id}
        type="file"
        hidden
        accept={field.accept.join(",")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) sending.mutate(file);
          event.target.value = "";
        }}
      />
      <Button
        loading={sending.isPending}
        aria-label={`${t("formUpload")} ${pick(field.label)}`}
        onClick={() => input.current?.click()}
      >
        {t("formUpload")}
      </Button>
      {sending.error !== null && <Alert type="error" title={wordsOf(sending.error)} />}
    </div>
  );
}
