import cadquery as cq
def plate(w, h=2, *, d=1):
    return cq.Workplane().box(w, w, h).faces(">Z").workplane().hole(d)
r = plate(10, d=3).translate((1, 2, 3)).rotate((0, 0, 0), (0, 0, 1), 30)
