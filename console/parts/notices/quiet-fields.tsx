import { Checkbox, Input } from "antd";
import { useText } from "../../i18n/i18n.ts";

interface Quiet {
  readonly from: string;
  readonly to: string;
}

const preset: Quiet = { from: "20:00", to: "08:00" };

/** When nobody is to be disturbed: hours of the night, and rest days. */
export function QuietFields({
  quiet,
  restDaysQuiet,
  onChange,
}: {
  quiet: Quiet | null;
  restDaysQuiet: boolean;
  onChange: (quiet: Quiet | null, restDaysQuiet: boolean) => void;
}) {
  const { t } = useText();
  const time = (label: string, value: string, change: (time: string) => void) => (
    <Input
      type="time"
      aria-label={label}
      value={value}
      style={{ width: 120 }}
      onChange={(event) => event.target.value !== "" && change(event.target.value)}
    />
  );
  return (
    <>
      <div className="row">
        <Checkbox
          checked={quiet !== null}
          onChange={(event) => onChange(event.target.checked ? preset : null, restDaysQuiet)}
        >
          {t("noticeQuietHours")}
        </Checkbox>
        {quiet && time(t("noticeQuietFrom"), quiet.from, (from) => onChange({ ...quiet, from }, restDaysQuiet))}
        {quiet && <span>–</span>}
        {quiet && time(t("noticeQuietTo"), quiet.to, (to) => onChange({ ...quiet, to }, restDaysQuiet))}
      </div>
      <Checkbox checked={restDaysQuiet} onChange={(event) => onChange(quiet, event.target.checked)}>
        {t("noticeRestDays")}
      </Checkbox>
    </>
  );
}
