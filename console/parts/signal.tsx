import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  ExclamationCircleOutlined,
  PauseCircleOutlined,
  WarningOutlined,
} from "@ant-design/icons";
import { Tag, Tooltip } from "antd";
import type { ClockView } from "../../server/api/shared/common.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { useSureness } from "./sureness.tsx";
import { chinaTime } from "./time.ts";

const looks = {
  overdue: { color: "error", icon: <ExclamationCircleOutlined /> },
  soon: { color: "warning", icon: <WarningOutlined /> },
  ok: { color: "success", icon: <ClockCircleOutlined /> },
  paused: { color: "default", icon: <PauseCircleOutlined /> },
  done: { color: "default", icon: <CheckCircleOutlined /> },
} as const;

interface SignalProps {
  readonly signal: ClockView["signal"];
  readonly left: number | null;
  readonly unit: ClockView["unit"] | null;
  readonly dueAt: string | null;
  readonly confidence: ClockView["dueConfidence"] | null;
}

/** Time left as words, icon and colour; never by colour alone. */
export function Signal({ signal, left, unit, dueAt, confidence }: SignalProps) {
  const { t } = useText();
  const unsure = useSureness()(confidence);
  const words = () => {
    if (signal === "paused") return t("paused");
    if (signal === "done") return t("done");
    if (left === null || unit === null) return t("noLimit");
    if (left < 0) return t("over", { count: -left, unit: t(unit) });
    return left === 0 ? t(signal === "overdue" ? "overdue" : "today") : t("left", { count: left, unit: t(unit) });
  };
  const look = looks[signal];
  return (
    <Tooltip title={`${t("due")} ${chinaTime(dueAt)}${unsure === null ? "" : ` · ${unsure}`}`}>
      <Tag color={look.color} icon={look.icon}>
        {words()}
        {unsure !== null && signal !== "done" ? " *" : ""}
      </Tag>
    </Tooltip>
  );
}
