import { Tabs } from "antd";
import type { WhatIfOptions } from "../../server/api/what-if/what-if.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { useMe } from "../parts/session.tsx";
import { CaseQuestion } from "../parts/what-if/case-question.tsx";
import { Grid } from "../parts/what-if/grid.tsx";
import { TableReplay } from "../parts/what-if/table-replay.tsx";

/** Asks how cases would go, without starting one: a single case, every kind of case, and past cases under a changed table. */
export function WhatIf() {
  const me = useMe();
  const { t } = useText();
  const options = useApi<WhatIfOptions>("/api/what-if/options");
  return (
    <Page title={t("menuWhatIf")}>
      <Loaded result={options}>
        {({ applicants, tables }) => (
          <Tabs
            destroyOnHidden={false}
            items={[
              { key: "case", label: t("whatIfCase"), children: <CaseQuestion applicants={applicants} /> },
              { key: "grid", label: t("whatIfGrid"), children: <Grid /> },
              ...(me.may.design || me.may.supervise
                ? [{ key: "table", label: t("whatIfTable"), children: <TableReplay tables={tables} /> }]
                : []),
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
