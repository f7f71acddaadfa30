import { Button, Spin, Tag } from "antd";
import { useState } from "react";
import type { GridAnswer } from "../../../server/api/what-if/what-if.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Loaded, useApi } from "../page.tsx";
import { Scroll } from "../scroll.tsx";

type Cell = GridAnswer["cells"][number];

const colours = { covered: "success", uncovered: "error", endless: "error", overLimit: "warning" } as const;

/** Every kind of case at once: a row for each relation of levels and regions, a column for each class and grade. */
export function Grid() {
  const { t } = useText();
  const [wanted, setWanted] = useState(false);
  const grid = useApi<GridAnswer>(wanted ? "/api/what-if/grid" : null);
  return (
    <>
      <p className="muted">{t("gridIntro")}</p>
      <Button type="primary" onClick={() => (wanted ? void grid.refetch() : setWanted(true))} loading={grid.isFetching}>
        {t("walkGrid")}
      </Button>
      {grid.isFetching && <Spin aria-label={t("loading")} style={{ marginInlineStart: 12 }} />}
      {wanted && !grid.isFetching && <Loaded result={grid}>{(answer) => <Cells answer={answer} />}</Loaded>}
    </>
  );
}

function Cells({ answer }: { answer: GridAnswer }) {
  const { t, pick } = useText();
  const red = answer.cells.filter(({ verdict }) => verdict !== "covered");
  const columns = [...new Map(answer.cells.map((cell) => [columnOf(cell), cell])).values()];
  const rows = [...new Map(answer.cells.map((cell) => [rowOf(cell), cell])).values()];
  const byPlace = new Map(answer.cells.map((cell) => [`${rowOf(cell)} ${columnOf(cell)}`, cell]));
  return (
    <>
      <p role="status">
        {t("cellsChecked", { count: answer.cells.length, red: red.length, without: answer.withoutCase })}
      </p>
      {red.length > 0 && (
        <ul className="findings">
          {red.map((cell) => (
            <li key={`${rowOf(cell)} ${columnOf(cell)}`}>
              <Tag color={colours[cell.verdict]}>{t(`verdict_${cell.verdict}`)}</Tag> {pick(cell.name)} · {cell.process}{" "}
              {cell.place} {cell.message}
            </li>
          ))}
        </ul>
      )}
      <Scroll label={t("whatIfGrid")}>
        <table className="numbers">
          <thead>
            <tr>
              <th scope="col">{t("applicant")}</th>
              {columns.map((cell) => (
                <th key={columnOf(cell)} scope="col">
                  {pick(cell.name).split(" · ").slice(3).join(" ")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowOf(row)}>
                <th scope="row">{pick(row.name).split(" · ").slice(0, 3).join(" · ")}</th>
                {columns.map((column) => (
                  <td key={columnOf(column)}>
                    <CellView cell={byPlace.get(`${rowOf(row)} ${columnOf(column)}`)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function CellView({ cell }: { cell: Cell | undefined }) {
  const { t } = useText();
  if (!cell) return <>—</>;
  return (
    <Tag color={colours[cell.verdict]} title={cell.message ?? ""}>
      {cell.process} {cell.workingDays === null ? t(`verdict_${cell.verdict}`) : `≤ ${cell.workingDays}`}
    </Tag>
  );
}

const rowOf = (cell: Cell) => `${cell.applicantLevel} ${cell.levelRelation} ${cell.regionRelation}`;
const columnOf = (cell: Cell) => `${cell.shareClass} ${cell.grade}`;
