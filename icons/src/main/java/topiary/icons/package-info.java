/** Drawn symbols as paths, without any toolkit: faces draw them as they can. */
package topiary.icons;
