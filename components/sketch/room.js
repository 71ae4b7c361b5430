// Tells Python how wide the place is in which the canvas will stand, in steps. What was told
// stays true while a scrollbar comes or goes.
const STEP = 40;
const SCROLLBAR = 20;
const REST_MS = 300;

export default function ({ parentElement, setStateValue }) {
  const place = parentElement.querySelector(".room");
  let told = 0;
  let timer = 0;
  const tell = () => {
    const room = place.clientWidth;
    if (room === 0 || (told <= room && room < told + SCROLLBAR + STEP + SCROLLBAR)) return;
    told = Math.max(Math.floor((room - SCROLLBAR) / STEP) * STEP, STEP);
    setStateValue("width", told);
  };
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(tell, told === 0 ? 0 : REST_MS);
  });
  observer.observe(place);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
