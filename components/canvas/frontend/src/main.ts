/** What Streamlit calls, one export for each component: with data and a place to draw. */

import { CanvasApp } from "./canvas_app";
import { component } from "./component";
import { ContactSheet } from "./contact_sheet/contact_sheet";
import type { ContactSheetData, PendingDecisions } from "./contact_sheet/protocol";
import type { CanvasData, PythonChannel } from "./protocol";
import { useSentences } from "./sentences";

export const canvas = component(
  (mountPoint, data) => {
    useSentences((data as CanvasData).sentences);
    return new CanvasApp(mountPoint);
  },
  (app, { data, setStateValue }) => {
    const channel: PythonChannel = {
      tail: (tail) => setStateValue("tail", tail),
      pointed: (at) => setStateValue("pointed", at),
    };
    app.update(data as CanvasData, channel);
  },
);

export const contactSheet = component(
  (mountPoint, data) => {
    useSentences((data as ContactSheetData).sentences);
    return new ContactSheet(mountPoint);
  },
  (sheet, { data, setStateValue }) => {
    sheet.update(data as ContactSheetData, (tail: PendingDecisions) => setStateValue("tail", tail));
  },
);
