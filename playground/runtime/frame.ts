/** Returns an app's HTML with the devices beside the contents of its body. `flow` is the app's flow. Throws if there is no `<body>`. */
export function besideDevices(html: string, flow = ''): string {
  const framed = html.includes('<demo-devices')
    ? html
    : html
        .replace(/<body[^>]*>/, '$&<demo-devices hidden><demo-browser>')
        .replace('</body>', '</demo-browser></demo-devices>$&');
  if (!framed.includes('<demo-devices'))
    throw new Error('index.html needs a <body>: the devices go beside what it holds.');
  return framed.replace('<demo-devices', `$& flow="${flow}"`);
}
