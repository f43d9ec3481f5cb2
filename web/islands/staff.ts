/** Staff pages: htmx for the parts of a page that change on their own. */
import "htmx.org";
