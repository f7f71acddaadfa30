import { instantOf } from "../time.ts";
import { useMutation } from "@tanstack/react-query";
import { App, Button, Dropdown, Input, Modal } from "antd";
import { useRef, useState } from "react";
import type { InstanceDetail } from "../../../server/api/instances/instances.schema.ts";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useAttempt } from "../attempt.ts";
import { useText } from "../../i18n/i18n.ts";
import { returnFocus } from "../focus.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import { PersonPicker } from "./person-picker.tsx";

const named = [
  { operation: "transfer", path: "transfer", text: "handTransfer" },
  { operation: "assign", path: "assign", text: "handAssign" },
  { operation: "delegate", path: "delegate", text: "handDelegate" },
  { operation: "consult", path: "consult", text: "handConsult" },
  { operation: "coHandle", path: "co-handle", text: "handCoHandle" },
] as const;
const atOnce = [
  { operation: "claim", path: "claim", text: "handClaim" },
  { operation: "release", path: "release", text: "handRelease" },
  { operation: "recall", path: "recall", text: "handRecall" },
] as const;

type Named = (typeof named)[number];

/** What the reader may do with the task beside deciding it; nothing is shown that the server would refuse. */
export function MoreActions({ task, instance }: { task: TaskDetail; instance: InstanceDetail | undefined }) {
  const { t } = useText();
  const attempt = useAttempt();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [dialog, setDialog] = useState<Named | null>(null);
  const [sending, setSending] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const may = new Set<string>(task.operations.filter(({ allowed }) => allowed).map(({ operation }) => operation));
  const choices = [...atOnce, ...named].filter(({ operation }) => may.has(operation));
  if (choices.length === 0) return null;
  const choose = async (path: string) => {
    const dialogs = named.find((candidate) => candidate.path === path);
    if (dialogs) return setDialog(dialogs);
    setSending(true);
    const isDone = await attempt(() => api.post(`/api/tasks/${task.id}/${path}`, { rev: task.rev }));
    if (isDone) void message.success(t("handDone"));
    await refresh();
    setSending(false);
    return returnFocus(button.current);
  };
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: choices.map(({ path, text }) => ({ key: path, label: t(text) })),
          onClick: ({ key }) => void choose(key),
        }}
      >
        <Button ref={button} aria-haspopup="menu" loading={sending}>
          {t("handMore")} ▾
        </Button>
      </Dropdown>
      {dialog && (
        <HandingDialog
          task={task}
          instance={instance}
          chosen={dialog}
          onClose={() => {
            setDialog(null);
            returnFocus(button.current);
          }}
        />
      )}
    </>
  );
}

interface DialogProps {
  readonly task: TaskDetail;
  readonly instance: InstanceDetail | undefined;
  readonly chosen: Named;
  readonly onClose: () => void;
}

function HandingDialog({ task, instance, chosen, onClose }: DialogProps) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [to, setTo] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [by, setBy] = useState("");
  const [key] = useState(() => crypto.randomUUID());
  const { operation, path, text } = chosen;
  const asks = operation === "delegate" || operation === "consult" || operation === "coHandle";
  const elsewhere = operation === "consult" || operation === "coHandle";
  const organisations = [
    task.organisation,
    ...(elsewhere ? (instance?.path ?? []).map(({ organisation }) => organisation) : []),
  ].filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index);
  const sending = useMutation({
    mutationFn: async () => {
      const moment = instantOf(by);
      const body = asks ? { question: words, by: moment } : { reason: words };
      await api.post(`/api/tasks/${task.id}/${path}`, { rev: task.rev, to, ...body }, key);
      void message.success(t("handDone"));
      await refresh();
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t(text)}
      okText={t("handSend")}
      cancelText={t("cancel")}
      okButtonProps={{
        disabled: to === null || (operation !== "assign" && words.trim() === ""),
        loading: sending.isPending,
      }}
      onOk={() => sending.mutate()}
      onCancel={onClose}
    >
      <p className="muted">{t(`handHelp_${operation}`)}</p>
      {sending.error !== null && <Failure error={sending.error} />}
      <PersonPicker
        id="hand-to"
        label={`${t("handPerson")} (${t("required")})`}
        organisations={organisations}
        about={{ task: task.id, operation }}
        value={to}
        onChange={setTo}
      />
      <label className="field">
        <span>
          {t(asks ? "handQuestion" : "handReason")}
          {operation === "assign" ? "" : ` (${t("required")})`}
        </span>
        <Input.TextArea rows={3} value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      {asks && (
        <label className="field">
          <span>{t("handBy")}</span>
          <Input type="datetime-local" value={by} onChange={(event) => setBy(event.target.value)} />
        </label>
      )}
    </Modal>
  );
}
