/** The review canvas, a Streamlit component: what Streamlit calls with data and a place to draw. */
export default function canvas(): void {}
