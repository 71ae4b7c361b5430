/** What Streamlit calls, a part for each component: with data and a place to draw. */

import { Bench } from "./bench";
import { component } from "./component";
import type { Line, SheetData } from "./protocol";
import { ContactSheet } from "./sheet/contact_sheet";
import type { ContactSheetData, DecisionTail } from "./sheet/protocol";

export const canvas = component(
  (place) => new Bench(place),
  (bench, { data, setStateValue }) => {
    const line: Line = {
      tail: (tail) => setStateValue("tail", tail),
      pointed: (at) => setStateValue("pointed", at),
    };
    bench.update(data as SheetData, line);
  },
);

export const contactSheet = component(
  (place) => new ContactSheet(place),
  (sheet, { data, setStateValue }) => {
    sheet.update(data as ContactSheetData, (tail: DecisionTail) => setStateValue("tail", tail));
  },
);
