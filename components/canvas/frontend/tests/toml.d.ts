/** A file of the catalogue, as text. */
declare module "*.toml" {
  const text: string;
  export default text;
}
