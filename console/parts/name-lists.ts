/**
 * Gives every open list of choices the name of the field that it belongs to. antd's Select draws its listbox without one, so
 * that a screen reader would announce a list of nothing (WCAG 2.2, 4.1.2); it offers no property to name it with.
 */
export function nameLists(root: HTMLElement): void {
  new MutationObserver(() => {
    for (const list of root.querySelectorAll("[role=listbox]:not([aria-label])")) {
      const name = nameOf(
        root.querySelector<HTMLInputElement>(`[role=combobox][aria-controls="${CSS.escape(list.id)}"]`),
      );
      if (name) list.setAttribute("aria-label", name);
    }
  }).observe(root, { childList: true, subtree: true });
}

function nameOf(field: HTMLInputElement | null): string | null {
  return field?.getAttribute("aria-label") ?? field?.labels?.[0]?.textContent?.trim() ?? null;
}
