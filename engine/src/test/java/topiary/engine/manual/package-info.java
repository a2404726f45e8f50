/** Makes the pages of the manual that are read from the catalogue and from what planners say. */
package topiary.engine.manual;
