/** Host `page`, and the devices beside the app: what `playground/build.ts` puts in front of a built example. */
import './page.ts';
import './devices/devices.ts';
