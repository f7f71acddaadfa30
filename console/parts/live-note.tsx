import { useText } from "../i18n/i18n.ts";
import { useLiveCase } from "./live.ts";
import { chinaTime } from "./time.ts";

/** Keeps what is shown of a case true while somebody looks at it, and says when it last changed. */
export function LiveNote({ instanceId }: { instanceId: string }) {
  const { t } = useText();
  const changedAt = useLiveCase(instanceId);
  return (
    <p className="muted" role="status">
      {changedAt && t("liveChanged", { at: chinaTime(changedAt) })}
    </p>
  );
}
