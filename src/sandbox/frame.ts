/**
 * The features that no frame of this site may use, as an iframe's `allow` attribute. `public/_headers` has the same list for
 * hosts that send it.
 */
export const deniedFeatures = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((feature) => `${feature} 'none'`)
  .join('; ');
